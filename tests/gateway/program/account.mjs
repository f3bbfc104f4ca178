// The mock puppet's account and voice: login, logout, ding, and the one place where events leave it.
import { PuppetMock } from 'wechaty-puppet-mock'
import { World } from './world.mjs'

export class Account extends PuppetMock {
  constructor ({ ledger, faults }) {
    // The puppet's own watchdog would reset it (and log it out) when a test silences the heartbeat.
    super({ timeoutSeconds: 86_400 })
    this.ledger = ledger
    this.faults = faults
    this.world = new World(this.mocker)
    this.listened = () => false
    this.loginOnStart = false
    this.heartbeat = undefined
    this.halted = false // set just before the process is killed: from then on nothing happens any more
  }

  // The account stays known after logout, so that a later login can name it again.
  get self () { return this.account }

  // Every event passes here once; the gRPC server hears it through its own listeners.
  tell (event, payload, note = {}) {
    if (this.halted) return
    this.ledger.emit(event, { ...payload, ...note }, this.listened())
    this.emit(event, payload)
  }

  tellMessage (message, times = 1) {
    if (this.halted) return
    const { settings, random } = this.faults
    const count = times + (random() < settings.duplicate_share ? 1 : 0)
    const { id, roomId: room, talkerId: talker, type, text = '' } = message
    const note = { room, talker, type, text: text.slice(0, 200) }
    if (!this.isLoggedIn) {
      this.ledger.emit('message', { messageId: id, ...note }, false)
      return
    }
    for (let n = 0; n < count; n++) {
      this.tell('message', { messageId: id }, note)
    }
  }

  dirty (type, id) {
    if (this.faults.settings.dirty_events) this.tell('dirty', { payloadId: id, payloadType: type })
  }

  async stillAlive () { if (this.halted) await new Promise(() => {}) }

  // Life of the account

  logIn (contactId) {
    this.account = contactId
    this.ledger.emit('login', { contactId }, this.listened())
    this.login(contactId)
  }

  async logOut (reason) {
    this.ledger.emit('logout', { contactId: this.account, data: reason }, this.listened())
    await this.logout(reason)
  }

  // Without a login, a started gateway shows a QR code, as the real ones do.
  async onStart () {
    await super.onStart()
    this.beat()
    setImmediate(() => {
      if (this.isLoggedIn) return
      if (this.loginOnStart) this.logIn(this.account)
      else this.tell('scan', { qrcode: 'https://login.invalid/start', status: 2 })
    })
  }

  beat () {
    clearInterval(this.heartbeat)
    const { data, every_ms: every } = this.faults.settings.heartbeat
    if (every > 0) this.heartbeat = setInterval(() => this.emit('heartbeat', data === null ? {} : { data }), every)
  }

  // A Stop call logs the account out, as real gateways do; the stock mock only says so.
  async onStop () {
    await super.onStop()
    clearInterval(this.heartbeat)
    if (this.faults.settings.stop_logs_out) this.__currentUserId = undefined
  }

  ding (data) {
    const { mode, delay_ms: delay } = this.faults.settings.dong
    if (mode === 'answer') setTimeout(() => this.tell('dong', { data: data || '' }), delay)
  }
}

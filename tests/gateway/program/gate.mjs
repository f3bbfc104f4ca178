// The real PuppetServer, opened and closed on one port, with every gRPC call counted and the event stream in reach.
import { grpc, puppet as grpcPuppet } from 'wechaty-grpc'
import { PuppetServer } from 'wechaty-puppet-service'
import { sleep } from './faults.mjs'

const BIND_ATTEMPTS = 50
const BIND_PAUSE_MS = 20

export class Gate {
  constructor ({ puppet, token, port, ledger }) {
    Object.assign(this, { ledger, port, puppet, token })
    this.endpoint = `127.0.0.1:${port}`
    this.server = undefined
    this.stream = undefined
    this.intruder = undefined
    puppet.listened = () => Boolean(this.stream)
    this.#tapServices()
  }

  get isOpen () { return Boolean(this.server) }

  // The server has no hook for its calls, so the table of handlers is wrapped while it is handed to gRPC.
  #tapServices () {
    const gate = this
    const addService = grpc.Server.prototype.addService
    grpc.Server.prototype.addService = function (definition, handlers) {
      const tapped = {}
      for (const [name, method] of Object.entries(definition)) {
        const handler = handlers[name] ?? handlers[method.originalName]
        if (handler) tapped[name] = gate.#tap(method.path.split('/').pop(), handler)
      }
      return addService.call(this, definition, tapped)
    }
  }

  #tap (method, handler) {
    return (call, callback) => {
      const authorized = call.metadata.get('authorization')[0] === `Wechaty ${this.token}`
      if (authorized) this.ledger.call(method, call.getPeer())
      else this.ledger.refuse(method)
      if (method === 'Event' && authorized) this.#watch(call)
      return handler(call, callback)
    }
  }

  #watch (stream) {
    if (this.stream) {
      this.ledger.stream('refused')
      return
    }
    this.stream = stream
    this.ledger.stream('opened')
    const forget = () => {
      if (this.stream !== stream) return
      this.stream = undefined
      this.ledger.stream('closed')
    }
    for (const end of ['cancelled', 'close', 'error', 'finish']) stream.on(end, forget)
  }

  async open () {
    if (this.server) return
    for (let attempt = 1; ; attempt++) {
      const server = new PuppetServer({
        endpoint: this.endpoint, puppet: this.puppet, tls: { disable: true }, token: this.token,
      })
      try {
        await server.start()
        this.server = server
        return
      } catch (error) {
        if (attempt === BIND_ATTEMPTS) throw error
        await sleep(BIND_PAUSE_MS)
      }
    }
  }

  async close () {
    const server = this.server
    this.server = undefined
    if (server) await server.stop()
  }

  // Writes one event as given, past the puppet: unknown types, broken JSON, missing fields.
  write (type, payload) {
    if (!this.stream) throw new Error('no event stream is open')
    const response = new grpcPuppet.EventResponse()
    response.setType(type)
    response.setPayload(payload)
    this.stream.write(response)
    this.ledger.emit('wire', { payload: payload.slice(0, 200), type }, true)
  }

  // Another client holds the one event stream, so that the server answers ALREADY_EXISTS to the bot.
  async occupy () {
    if (this.intruder) throw new Error('already occupied')
    const client = new grpcPuppet.PuppetClient(this.endpoint, grpc.credentials.createInsecure())
    const metadata = new grpc.Metadata()
    metadata.set('authorization', `Wechaty ${this.token}`)
    const stream = client.event(new grpcPuppet.EventRequest(), metadata)
    const first = new Promise((resolve, reject) => {
      stream.once('data', resolve)
      stream.on('error', reject)
    })
    this.intruder = { client, stream }
    try {
      await first
    } catch (error) {
      this.vacate()
      throw error
    }
  }

  vacate () {
    this.intruder?.stream.cancel()
    this.intruder?.client.close()
    this.intruder = undefined
  }
}

// What was asked of the gateway and what it emitted, in one numbered sequence: the oracle of the tests.

export class Ledger {
  constructor () {
    this.seq = 0
    this.clear()
    this.waiters = new Set()
  }

  clear () {
    this.asked = []
    this.emitted = []
    this.calls = {}
    this.peers = {} // the same by the address that a call came from
    this.refused = {}
    this.streams = { opened: 0, refused: 0, closed: 0 }
  }

  // One thing that the bot asked for: kind is text, file, contact, url, mini_program, location, forward,
  // recall, kick, add, accept, announce, topic, quit or befriend. `outcome` is settled by the caller.
  ask (kind, fields) {
    const entry = { seq: ++this.seq, at: Date.now(), kind, ...fields, outcome: 'pending', delivered: false }
    this.asked.push(entry)
    this.#wake()
    return entry
  }

  settle (entry, outcome, fields = {}) {
    Object.assign(entry, fields, { outcome, settled_at: Date.now() })
    this.#wake()
  }

  // `listened` tells whether a client's event stream was open, so that an event into the void is not owed.
  emit (event, fields, listened) {
    this.emitted.push({ seq: ++this.seq, at: Date.now(), event, ...fields, listened })
    this.#wake()
  }

  call (method, peer) {
    this.calls[method] = (this.calls[method] || 0) + 1
    const methods = this.peers[peer] ??= {}
    methods[method] = (methods[method] || 0) + 1
    this.#wake()
  }

  refuse (method) { this.refused[method] = (this.refused[method] || 0) + 1; this.#wake() }
  stream (change) { this.streams[change] += 1; this.#wake() }

  select (list, { after = 0, kinds, room, settled = false, limit } = {}) {
    const found = list.filter(entry => entry.seq > after &&
      (!kinds || kinds.includes(entry.kind || entry.event)) &&
      (!room || [entry.room, entry.roomId, entry.conversation].includes(room)) &&
      (!settled || entry.outcome !== 'pending'))
    return limit ? found.slice(0, limit) : found
  }

  // Resolves with true as soon as `done()` holds, with false after `ms`.
  wait (done, ms) {
    if (done()) return Promise.resolve(true)
    return new Promise(resolve => {
      const waiter = () => { if (done()) finish(true) }
      const timer = setTimeout(() => finish(false), ms)
      const finish = held => {
        clearTimeout(timer)
        this.waiters.delete(waiter)
        resolve(held)
      }
      this.waiters.add(waiter)
    })
  }

  #wake () { for (const waiter of [...this.waiters]) waiter() }

  dump () {
    const { seq, asked, emitted, calls, peers, refused, streams } = this
    return { seq, asked, emitted, calls, peers, refused, streams }
  }

  load (dump) { Object.assign(this, dump) }
}

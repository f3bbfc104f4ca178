// The faults that a test has ordered: jitter, withheld payloads, failing, slow and hanging sends.
import { grpc } from 'wechaty-grpc'

// A puppet's plain Error reaches the client as UNKNOWN, its stack as the details.
const FREQUENT = 'Error: 操作频繁，请稍后再试\n    at send (puppet)'

export const DEFAULTS = Object.freeze({
  payload_jitter_ms: [0, 0],
  payload_kinds: ['message'], // of message, contact, room, room_member
  reply_jitter_ms: [0, 0],
  echo: { mode: 'before', delay_ms: [1, 3], before_share: 0.5, times: 1 }, // mode: before, after, mixed, never
  returned_ids: true,
  timestamps: 'ms', // or s
  duplicate_share: 0, // part of all message events that are emitted twice
  dirty_events: true,
  heartbeat: { every_ms: 5000, data: 'heartbeat' }, // data null: an event without data; every_ms 0: silence
  dong: { mode: 'answer', delay_ms: 20 }, // or silent
  recall: 'own', // own: own messages of the last two minutes; any; never
  remove: 'checked', // checked: as owner or admin only; ignored: success without effect; refused
  stop_logs_out: true,
  seed: 1,
})

export const sleep = ms => ms > 0 ? new Promise(resolve => setTimeout(resolve, ms)) : Promise.resolve()

export function rpcError (code, text) {
  const error = new Error(text)
  error.code = typeof code === 'number' ? code : grpc.status[code] ?? grpc.status.UNKNOWN
  error.details = text
  return error
}

// mulberry32: small, seeded, the same on every machine.
function generator (seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6D2B79F5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export class Faults {
  constructor (settings = {}) {
    this.settings = structuredClone(DEFAULTS)
    this.withheld = new Map() // message id -> releases of the calls that wait
    this.withholdNext = 0
    this.withholdAll = false
    this.failPayloads = []
    this.sendRules = []
    this.hanging = new Set()
    this.random = generator(this.settings.seed)
    this.set(settings)
  }

  set (changes) {
    for (const [name, value] of Object.entries(changes)) {
      if (!(name in DEFAULTS)) throw new Error(`unknown setting ${name}; known: ${Object.keys(DEFAULTS).join(', ')}`)
      const old = this.settings[name]
      const isGroup = old && typeof old === 'object' && !Array.isArray(old)
      this.settings[name] = isGroup ? { ...old, ...value } : value
    }
    if ('seed' in changes) this.random = generator(changes.seed)
    return this.settings
  }

  reset () {
    this.clearSends()
    this.release()
    this.failPayloads.length = 0
    this.set(structuredClone(DEFAULTS))
  }

  between ([low, high]) { return low + this.random() * (high - low) }
  stamp (ms = Date.now()) { return this.settings.timestamps === 's' ? Math.floor(ms / 1000) : ms }

  async beforePayload (kind, id) {
    const { payload_kinds: kinds, payload_jitter_ms: jitter } = this.settings
    if (kinds.includes(kind)) await sleep(this.between(jitter))
    if (kind !== 'message') return
    const failure = this.#take(this.failPayloads, rule => !rule.id || rule.id === id)
    if (failure) throw rpcError(failure.code, failure.text)
    await this.#withhold(id)
  }

  async #withhold (id) {
    if (!this.withheld.has(id)) {
      if (!this.withholdAll && this.withholdNext <= 0) return
      if (!this.withholdAll) this.withholdNext -= 1
      this.withheld.set(id, [])
    }
    await new Promise(resolve => this.withheld.get(id).push(resolve))
  }

  withhold ({ id, next, all }) {
    if (id && !this.withheld.has(id)) this.withheld.set(id, [])
    if (next !== undefined) this.withholdNext = next
    if (all !== undefined) this.withholdAll = all
  }

  // Answers what waits for one id, or for all ids; nothing is withheld any more under these ids.
  release (id) {
    const ids = id ? [id] : [...this.withheld.keys()]
    if (!id) { this.withholdNext = 0; this.withholdAll = false }
    let released = 0
    for (const each of ids) {
      for (const resolve of this.withheld.get(each) ?? []) { resolve(); released += 1 }
      this.withheld.delete(each)
    }
    return released
  }

  failPayload ({ next = 1, id, code = 'UNAVAILABLE', text = 'payload not to be had' }) {
    this.failPayloads.push({ left: next, id, code, text })
  }

  failSends ({ mode = 'fail', next = 1, kinds, room, ms = 0, code, text = 'send failed' }) {
    const modes = ['fail', 'frequent', 'delay', 'delay_reply', 'hang', 'hang_delivered', 'fail_delivered']
    if (!modes.includes(mode)) throw new Error(`unknown mode ${mode}; known: ${modes.join(', ')}`)
    const failure = mode === 'frequent'
      ? { code: 'UNKNOWN', text: FREQUENT }
      : { code: code ?? 'UNAVAILABLE', text }
    this.sendRules.push({ mode, left: next, kinds, room, ms, ...failure })
  }

  takeSendRule (kind, room) {
    return this.#take(this.sendRules, rule =>
      (!rule.kinds || rule.kinds.includes(kind)) && (!rule.room || rule.room === room))
  }

  // A negative `left` never runs out.
  #take (rules, fits) {
    const rule = rules.find(fits)
    if (!rule) return undefined
    if (rule.left > 0 && --rule.left === 0) rules.splice(rules.indexOf(rule), 1)
    return rule
  }

  hang () {
    return new Promise((_resolve, reject) => this.hanging.add(reject))
  }

  clearSends () {
    this.sendRules.length = 0
    for (const reject of this.hanging) reject(rpcError('CANCELLED', 'hanging call released'))
    this.hanging.clear()
  }
}

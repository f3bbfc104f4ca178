// What a test can order the gateway to do: one explicit table, each verb a function of (gateway, fields).
import * as PUPPET from 'wechaty-puppet'
import { burst, populate } from './burst.mjs'
import { sleep } from './faults.mjs'

const { Payload } = PUPPET.types
const DASHES = 15 // what WeChat puts between a quotation and one's own words

function say ({ puppet, faults }, fields) {
  const { from = 'self', room, to, id, type = PUPPET.types.Message.Text, mentions = [], attachment, filename } = fields
  const { world } = puppet
  const talkerId = from === 'self' ? puppet.self : from
  if (!room && !to) throw new Error('say needs a room or a to')
  if (room) world.room(room)
  world.contact(talkerId)
  const message = world.addMessage({
    attachment,
    filename,
    id,
    listenerId: room ? undefined : (to === 'self' ? puppet.self : to),
    mentionIdList: mentions,
    roomId: room,
    talkerId,
    text: wording(fields),
    timestamp: fields.at ?? faults.stamp(),
    told_at: Date.now() - (fields.age_ms ?? 0),
    type,
  })
  if (fields.withhold) faults.withhold({ id: message.id })
  puppet.tellMessage(message, fields.repeat ?? 1)
  return { id: message.id, timestamp: message.timestamp }
}

function wording ({ text = '', quote, dashes = DASHES, pad_bytes: padBytes = 0 }) {
  const padded = padBytes > 0 ? text + 'x'.repeat(Math.max(0, padBytes - Buffer.byteLength(text))) : text
  return quote ? `「${quote.name}：${quote.text}」\n${Array(dashes).fill('-').join(' ')}\n${padded}` : padded
}

function invite ({ puppet, faults }, { id, inviter, room, topic }) {
  const { world } = puppet
  const known = room ? world.room(room) : undefined
  const invitationId = id ?? world.next('invitation-')
  world.invitations.set(invitationId, {
    payload: {
      avatar: '',
      id: invitationId,
      invitation: '',
      inviterId: inviter,
      memberCount: known?.memberIdList.length ?? 0,
      memberIdList: known?.memberIdList ?? [],
      receiverId: puppet.self,
      timestamp: faults.stamp(),
      topic: topic ?? known?.topic ?? '',
    },
    room,
  })
  puppet.tell('room-invite', { roomInvitationId: invitationId })
  return { id: invitationId }
}

function befriend ({ puppet, faults }, { contact, hello = '', type = PUPPET.types.Friendship.Receive }) {
  const id = puppet.world.next('friendship-')
  puppet.world.friendships.set(id, { contactId: contact, hello, id, ticket: id, timestamp: faults.stamp(), type })
  puppet.tell('friendship', { friendshipId: id })
  return { id }
}

function changeContact ({ puppet }, { id, ...changes }) {
  Object.assign(puppet.world.contact(id), changes)
  puppet.dirty(Payload.Contact, id)
}

function changeRoom ({ puppet }, { id, owner, admins }) {
  const room = puppet.world.room(id)
  if (owner !== undefined) room.ownerId = owner
  if (admins !== undefined) room.adminIdList = admins
  puppet.dirty(Payload.Room, id)
}

function renameMember ({ puppet }, { room, member, alias }) {
  puppet.world.memberPayload(room, member)
  puppet.world.members.get(room).get(member).roomAlias = alias
  puppet.dirty(Payload.RoomMember, room)
}

async function login ({ puppet }, { contact, rekey }) {
  if (puppet.isLoggedIn) await puppet.logOut('login again')
  const renamed = rekey ? puppet.world.rekey(rekey) : {}
  const account = contact ?? renamed[puppet.self] ?? puppet.self
  puppet.world.contact(account)
  if (puppet.state.inactive()) await puppet.start()
  puppet.logIn(account)
  return { contact: account, renamed }
}

function error ({ puppet }, { text = 'error of the platform' }) {
  puppet.ledger.emit('error', { text }, puppet.listened())
  puppet.emit('error', new Error(text))
}

function settings ({ puppet, faults }, changes) {
  const all = faults.set(changes)
  if ('heartbeat' in changes && puppet.state.active()) puppet.beat()
  return all
}

async function server ({ gate }, { action, down_ms: downMs = 0 }) {
  if (action === 'stop' || action === 'bounce') await gate.close()
  if (action === 'bounce') await sleep(downMs)
  if (action === 'start' || action === 'bounce') await gate.open()
  return { open: gate.isOpen }
}

async function sent ({ ledger }, { wait_ms: waitMs = 0, at_least: atLeast = 1, ...filter }) {
  if (waitMs > 0) await ledger.wait(() => ledger.select(ledger.asked, filter).length >= atLeast, waitMs)
  return ledger.select(ledger.asked, filter)
}

async function awaitStream ({ gate, ledger }, { open = true, wait_ms: waitMs = 10_000 }) {
  return { held: await ledger.wait(() => Boolean(gate.stream) === open, waitMs) }
}

async function awaitCall ({ ledger }, { method, at_least: atLeast = 1, wait_ms: waitMs = 10_000 }) {
  return { held: await ledger.wait(() => (ledger.calls[method] ?? 0) >= atLeast, waitMs) }
}

function state ({ puppet, faults, gate, ledger }) {
  return {
    contacts: puppet.world.contacts.size,
    counters: { calls: ledger.calls, peers: ledger.peers, refused: ledger.refused, streams: ledger.streams },
    logged_in: puppet.isLoggedIn,
    memory_bytes: process.memoryUsage().rss,
    rooms: puppet.world.rooms.size,
    self: puppet.self,
    seq: ledger.seq,
    server_open: gate.isOpen,
    settings: faults.settings,
    started: puppet.state.active() === true,
    stream_open: Boolean(gate.stream),
    withheld: [...faults.withheld.keys()],
  }
}

function room ({ puppet }, { id }) {
  const { world } = puppet
  return {
    ...world.room(id),
    announcement: world.announcements.get(id) ?? '',
    members: world.room(id).memberIdList.map(memberId => world.memberPayload(id, memberId)),
  }
}

function dump ({ puppet, faults, ledger }) {
  return {
    account: puppet.account, ledger: ledger.dump(), logged_in: puppet.isLoggedIn, settings: faults.settings,
    world: puppet.world.dump(),
  }
}

// A last look before the process is killed; whatever is asked after it was never seen by the platform.
function halt (gateway) {
  gateway.puppet.halted = true
  return dump(gateway)
}

function load ({ puppet, faults, ledger }, { account, ledger: past, logged_in: loggedIn, settings: wanted, world }) {
  puppet.world.load(world)
  ledger.load(past)
  for (const entry of ledger.asked) if (entry.outcome === 'pending') entry.outcome = 'cut'
  faults.set(wanted)
  puppet.beat()
  if (puppet.isLoggedIn && (account !== puppet.self || !loggedIn)) puppet.__currentUserId = undefined
  puppet.account = account
  if (loggedIn && !puppet.isLoggedIn) puppet.login(account)
}

async function reset (gateway) {
  const { faults, gate, initial, puppet } = gateway
  gate.vacate()
  faults.reset()
  puppet.halted = false
  await gate.open()
  if (puppet.state.inactive()) await puppet.start()
  load(gateway, structuredClone(initial))
  return { self: puppet.self }
}

export const VERBS = Object.freeze({
  'add-contact': ({ puppet }, fields) => ({ id: puppet.world.addContact(fields) }),
  'add-room': ({ puppet }, fields) => ({ id: puppet.world.addRoom(fields) }),
  'await-call': awaitCall,
  'await-stream': awaitStream,
  befriend,
  burst: ({ puppet }, fields) => burst(puppet, fields),
  'change-contact': changeContact,
  'change-room': changeRoom,
  'clear-ledger': ({ ledger }) => ledger.clear(),
  'clear-sends': ({ faults }) => faults.clearSends(),
  dump,
  emitted: ({ ledger }, filter) => ledger.select(ledger.emitted, filter),
  error,
  'fail-payloads': ({ faults }, fields) => faults.failPayload(fields),
  'fail-sends': ({ faults }, fields) => faults.failSends(fields),
  halt,
  heartbeat: ({ puppet }, payload) => puppet.tell('heartbeat', payload),
  invite,
  join: ({ puppet }, { room: id, members, inviter, at }) => puppet.join(id, members, inviter ?? '', at),
  leave: ({ puppet }, { room: id, members, remover, at }) => puppet.leave(id, members, remover ?? members[0], at),
  load,
  login,
  logout: ({ puppet }, { reason = 'logged out on the phone' }) => puppet.logOut(reason),
  occupy: ({ gate }) => gate.occupy(),
  populate: ({ puppet }, { rooms = 1, members = 1, prefix = 'burst' }) => populate(puppet, rooms, members, prefix),
  ready: ({ puppet }) => puppet.tell('ready', { data: 'ready' }),
  recall: ({ puppet }, { id, by }) => puppet.recalled(id, by ?? puppet.world.messages.get(id).talkerId),
  release: ({ faults }, { id }) => ({ released: faults.release(id) }),
  'rename-member': renameMember,
  'rename-room': ({ puppet }, { id, topic, by, at }) => puppet.renameRoom(id, topic, by ?? puppet.self, at),
  reset,
  room,
  say,
  scan: ({ puppet }, { status = 2, qrcode = 'https://login.invalid/code', data }) =>
    puppet.tell('scan', { data, qrcode, status }),
  sent,
  server,
  settings,
  state,
  vacate: ({ gate }) => gate.vacate(),
  wire: ({ gate }, { type, payload = '' }) => gate.write(type, payload),
  withhold: ({ faults }, fields) => faults.withhold(fields),
})

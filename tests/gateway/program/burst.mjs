// Crowds: many messages over rooms and members at a given pace.
import * as PUPPET from 'wechaty-puppet'
import { sleep } from './faults.mjs'

const TICK_MS = 5
const BATCH = 50 // without a rate: messages between two turns of the event loop

// Makes rooms and members that do not exist yet; all rooms share the members.
export function populate (puppet, rooms, members, prefix) {
  const { world } = puppet
  const people = []
  for (let n = 1; n <= members; n++) {
    const id = `${prefix}-member-${n}`
    if (!world.contacts.has(id)) world.addContact({ id, name: `${prefix}成员${n}` })
    people.push(id)
  }
  const places = []
  for (let n = 1; n <= rooms; n++) {
    const id = `${prefix}-room-${n}@chatroom`
    if (!world.rooms.has(id)) world.addRoom({ id, members: [puppet.self, ...people], owner: people[0], topic: `${prefix}群${n}` })
    places.push(id)
  }
  return { people, places }
}

// messages: how many; rate: a second, 0 = as fast as possible; hot_share: part of all that goes to the first room.
// texts: used in turn, {n} is replaced by the running number. Returns seconds and the first and last message id.
export async function burst (puppet, options) {
  const { messages = 100, rooms = 1, members = 10, rate = 0, hot_share: hot = 0, prefix = 'burst' } = options
  const { texts = ['消息 {n}'], mention_self: mentionSelf = false } = options
  const { people, places } = populate(puppet, rooms, members, prefix)
  const mentionIdList = mentionSelf ? [puppet.self] : []
  const began = Date.now()
  const ids = []
  while (ids.length < messages) {
    const due = rate > 0 ? Math.floor((Date.now() - began) / 1000 * rate) + 1 : ids.length + BATCH
    while (ids.length < Math.min(due, messages)) {
      const n = ids.length
      const room = places.length > 1 && n % 100 < hot * 100 ? places[0] : places[n % places.length]
      const message = puppet.world.addMessage({
        mentionIdList,
        roomId: room,
        talkerId: people[Math.floor(n / places.length) % people.length],
        text: texts[n % texts.length].replaceAll('{n}', String(n)),
        timestamp: puppet.faults.stamp(),
        type: PUPPET.types.Message.Text,
      })
      puppet.tellMessage(message)
      ids.push(message.id)
    }
    await (rate > 0 ? sleep(TICK_MS) : new Promise(setImmediate))
  }
  return { first: ids[0], last: ids.at(-1), messages, seconds: (Date.now() - began) / 1000 }
}

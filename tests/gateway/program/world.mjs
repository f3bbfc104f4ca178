// The community that the gateway knows: contacts, rooms with their members, messages, invitations.
import * as PUPPET from 'wechaty-puppet'

const ROOM_SUFFIX = '@chatroom'

export class World {
  constructor (mocker) {
    this.mocker = mocker
    this.members = new Map() // room id -> member id -> {roomAlias, inviterId}
    this.invitations = new Map()
    this.friendships = new Map()
    this.announcements = new Map()
    this.count = 0
  }

  get contacts () { return this.mocker.cacheContactPayload }
  get rooms () { return this.mocker.cacheRoomPayload }
  get messages () { return this.mocker.cacheMessagePayload }

  next (prefix, suffix = '') { return `${prefix}${++this.count}${suffix}` }

  contact (id) {
    const found = this.contacts.get(id)
    if (!found) throw new Error(`no contact ${id}`)
    return found
  }

  room (id) {
    const found = this.rooms.get(id)
    if (!found) throw new Error(`no room ${id}`)
    return found
  }

  addContact ({ id = this.next('wxid_'), name = id, ...rest }) {
    this.contacts.set(id, {
      avatar: `https://avatar.invalid/${id}.png`,
      friend: false,
      gender: PUPPET.types.ContactGender.Unknown,
      phone: [],
      type: PUPPET.types.Contact.Individual,
      ...rest,
      id,
      name,
    })
    return id
  }

  // members: ids, or {id, alias, inviter}
  addRoom ({ id = this.next('', ROOM_SUFFIX), topic = id, members = [], owner, admins = [], avatar = '' }) {
    const list = members.map(member => typeof member === 'string' ? { id: member } : member)
    list.forEach(member => this.contact(member.id))
    this.rooms.set(id, {
      adminIdList: [...admins],
      avatar,
      id,
      memberIdList: list.map(member => member.id),
      ownerId: owner ?? list[0]?.id ?? '',
      topic,
    })
    this.members.set(id, new Map(list.map(({ id: memberId, alias, inviter }) =>
      [memberId, { inviterId: inviter, roomAlias: alias }])))
    return id
  }

  addMembers (roomId, ids, inviterId) {
    const room = this.room(roomId)
    for (const id of ids) {
      this.contact(id)
      if (!room.memberIdList.includes(id)) room.memberIdList.push(id)
      this.members.get(roomId).set(id, { inviterId })
    }
  }

  removeMembers (roomId, ids) {
    const room = this.room(roomId)
    room.memberIdList = room.memberIdList.filter(id => !ids.includes(id))
    room.adminIdList = room.adminIdList.filter(id => !ids.includes(id))
    ids.forEach(id => this.members.get(roomId).delete(id))
  }

  memberPayload (roomId, memberId) {
    const room = this.room(roomId)
    if (!room.memberIdList.includes(memberId)) throw new Error(`contact ${memberId} is not in the room ${roomId}`)
    const { avatar, name } = this.contact(memberId)
    return { avatar, id: memberId, name, ...this.members.get(roomId).get(memberId) }
  }

  mayManage (roomId, contactId) {
    const room = this.room(roomId)
    return room.ownerId === contactId || room.adminIdList.includes(contactId)
  }

  addMessage (fields) {
    const payload = { told_at: Date.now(), ...fields, id: fields.id ?? this.next('msg-') }
    this.messages.set(payload.id, payload)
    return payload
  }

  // Every contact and room gets another id, as some gateways do at each login. Messages keep what they said.
  rekey (suffix) {
    const renamed = {}
    const rename = id => (id in renamed ? renamed[id] : id)
    for (const id of this.contacts.keys()) renamed[id] = id + suffix
    for (const id of this.rooms.keys()) renamed[id] = id.replace(ROOM_SUFFIX, '') + suffix + ROOM_SUFFIX
    const contacts = [...this.contacts.values()].map(each => ({ ...each, id: rename(each.id) }))
    const rooms = [...this.rooms.values()].map(each => ({
      ...each,
      adminIdList: each.adminIdList.map(rename),
      id: rename(each.id),
      memberIdList: each.memberIdList.map(rename),
      ownerId: rename(each.ownerId),
    }))
    this.members = new Map([...this.members].map(([roomId, members]) => [rename(roomId), new Map([...members]
      .map(([id, { inviterId, roomAlias }]) => [rename(id), { inviterId: rename(inviterId), roomAlias }]))]))
    this.#fill(this.contacts, contacts.map(each => [each.id, each]))
    this.#fill(this.rooms, rooms.map(each => [each.id, each]))
    return renamed
  }

  #fill (map, entries) {
    map.clear()
    for (const [key, value] of entries) map.set(key, value)
  }

  dump () {
    return {
      announcements: [...this.announcements],
      contacts: [...this.contacts],
      count: this.count,
      friendships: [...this.friendships],
      invitations: [...this.invitations],
      members: [...this.members].map(([id, members]) => [id, [...members]]),
      messages: [...this.messages],
      rooms: [...this.rooms],
    }
  }

  load (dump) {
    this.count = dump.count
    this.members = new Map(dump.members.map(([id, members]) => [id, new Map(members)]))
    for (const name of ['announcements', 'friendships', 'invitations', 'contacts', 'messages', 'rooms']) {
      this.#fill(this[name], dump[name])
    }
  }
}

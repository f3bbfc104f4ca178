// Deeds of the mock puppet in rooms, filled in: recall, removal, announcement, topic, invitation, friendship.
import * as PUPPET from 'wechaty-puppet'
import { rpcError } from './faults.mjs'
import { Sending } from './sending.mjs'

const { Message: MessageType } = PUPPET.types
const RECALL_WINDOW_MS = 120_000

export class Rooms extends Sending {
  // Deeds in rooms. An administrator's right is asked for as WeChat does.

  async messageRecall (id) {
    await this.stillAlive()
    const entry = this.ledger.ask('recall', { id })
    const message = this.world.messages.get(id)
    const rule = this.faults.settings.recall
    const age = Date.now() - (message?.told_at ?? Date.now())
    const allowed = rule === 'any' || (rule === 'own' && message?.talkerId === this.self && age <= RECALL_WINDOW_MS)
    const success = Boolean(message) && allowed
    if (success) this.recalled(id, this.self)
    this.ledger.settle(entry, 'replied', { delivered: success })
    return success
  }

  // A recall arrives as a message of its own kind whose text is the id of the message taken back.
  recalled (id, by) {
    const { listenerId, roomId } = this.world.messages.get(id)
    const notice = { listenerId, roomId, talkerId: by, text: id, type: MessageType.Recalled }
    this.tellMessage(this.world.addMessage({ ...notice, timestamp: this.faults.stamp() }))
    this.dirty(PUPPET.types.Payload.Message, id)
  }

  async roomDel (roomId, contactId) {
    await this.deed('kick', { member: contactId, room: roomId }, () => {
      const rule = this.faults.settings.remove
      if (rule === 'ignored') return false
      if (rule === 'refused') throw rpcError('PERMISSION_DENIED', 'removal refused')
      this.requireManager(roomId)
      if (!this.world.room(roomId).memberIdList.includes(contactId)) throw rpcError('NOT_FOUND', 'not a member')
      this.leave(roomId, [contactId], this.self)
      return true
    })
  }

  async roomAnnounce (roomId, text) {
    if (text === undefined) return this.world.announcements.get(roomId) ?? ''
    await this.deed('announce', { room: roomId, text }, () => {
      this.requireManager(roomId)
      this.world.announcements.set(roomId, text)
      return true
    })
  }

  async roomTopic (roomId, topic) {
    if (topic === undefined) return this.world.room(roomId).topic
    await this.deed('topic', { room: roomId, text: topic }, () => this.renameRoom(roomId, topic, this.self))
  }

  async roomAdd (roomId, contactId) {
    await this.deed('add', { member: contactId, room: roomId }, () => this.join(roomId, [contactId], this.self))
  }

  async roomQuit (roomId) {
    await this.deed('quit', { room: roomId }, () => this.leave(roomId, [this.self], this.self))
  }

  async roomInvitationAccept (id) {
    await this.deed('accept', { id }, () => {
      const invitation = this.world.invitations.get(id)
      if (!invitation) throw rpcError('NOT_FOUND', `no invitation ${id}`)
      if (invitation.room) this.join(invitation.room, [this.self], invitation.payload.inviterId)
      return true
    })
  }

  async friendshipAccept (id) {
    await this.deed('befriend', { id }, () => {
      const { contactId } = this.world.friendships.get(id)
      this.world.contact(contactId).friend = true
      this.dirty(PUPPET.types.Payload.Contact, contactId)
      return true
    })
  }

  async deed (kind, fields, act) {
    await this.stillAlive()
    const entry = this.ledger.ask(kind, fields)
    const rule = this.faults.takeSendRule(kind, fields.room)
    try {
      if (!this.isLoggedIn) throw rpcError('FAILED_PRECONDITION', 'not logged in')
      await this.refuseOrHold(rule, entry)
      entry.delivered = act() !== false
      await this.holdReply(rule)
      this.ledger.settle(entry, 'replied')
    } catch (error) {
      this.ledger.settle(entry, 'failed', { error: error.message })
      throw error
    }
  }

  requireManager (roomId) {
    if (!this.world.mayManage(roomId, this.self)) {
      throw rpcError('PERMISSION_DENIED', 'only the owner or an administrator may do this')
    }
  }

  // Changes of rooms, told as events

  join (roomId, ids, inviterId, timestamp = this.faults.stamp()) {
    this.world.addMembers(roomId, ids, inviterId)
    this.tell('room-join', { inviteeIdList: ids, inviterId, roomId, timestamp })
    this.dirty(PUPPET.types.Payload.Room, roomId)
    this.dirty(PUPPET.types.Payload.RoomMember, roomId)
  }

  leave (roomId, ids, removerId, timestamp = this.faults.stamp()) {
    this.world.removeMembers(roomId, ids)
    this.tell('room-leave', { removeeIdList: ids, removerId, roomId, timestamp })
    this.dirty(PUPPET.types.Payload.Room, roomId)
    this.dirty(PUPPET.types.Payload.RoomMember, roomId)
  }

  renameRoom (roomId, newTopic, changerId, timestamp = this.faults.stamp()) {
    const room = this.world.room(roomId)
    const oldTopic = room.topic
    room.topic = newTopic
    this.tell('room-topic', { changerId, newTopic, oldTopic, roomId, timestamp })
    this.dirty(PUPPET.types.Payload.Room, roomId)
  }
}

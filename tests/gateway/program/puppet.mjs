// The whole steered puppet: what it answers when asked for messages, contacts, rooms and invitations.
import { rpcError } from './faults.mjs'
import { Rooms } from './rooms.mjs'

export class SteeredPuppet extends Rooms {
  // Payloads: never cached here, so that every call meets the ordered jitter and the present state.

  async messagePayload (id) {
    await this.faults.beforePayload('message', id)
    const payload = this.world.messages.get(id)
    if (!payload) throw rpcError('NOT_FOUND', `no message ${id}`)
    return payload
  }

  async contactPayload (id) {
    await this.faults.beforePayload('contact', id)
    return this.world.contact(id)
  }

  async roomPayload (id) {
    await this.faults.beforePayload('room', id)
    return this.world.room(id)
  }

  async roomMemberPayload (roomId, memberId) {
    await this.faults.beforePayload('room_member', memberId)
    return this.world.memberPayload(roomId, memberId)
  }

  async roomInvitationRawPayload (id) {
    const invitation = this.world.invitations.get(id)
    if (!invitation) throw rpcError('NOT_FOUND', `no invitation ${id}`)
    return invitation.payload
  }

  async friendshipRawPayload (id) {
    const friendship = this.world.friendships.get(id)
    if (!friendship) throw rpcError('NOT_FOUND', `no friendship ${id}`)
    return friendship
  }

  async roomMemberList (roomId) { return [...this.world.room(roomId).memberIdList] }

  async messageUrl (id) { return this.attachment(id, { title: '', url: '' }) }
  async messageMiniProgram (id) { return this.attachment(id, { title: '' }) }
  attachment (id, fallback) { return this.world.messages.get(id)?.attachment ?? fallback }
}

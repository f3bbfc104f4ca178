// Sends of the mock puppet, filled in: message ids, mentions, own echoes, and the ordered faults.
import * as PUPPET from 'wechaty-puppet'
import { Account } from './account.mjs'
import { rpcError, sleep } from './faults.mjs'

const { Message: MessageType } = PUPPET.types

export class Sending extends Account {
  async messageSendText (conversation, text, mentions = []) {
    return this.send('text', conversation, { mentions, text, type: MessageType.Text })
  }

  async messageSendFile (conversation, file) {
    const type = file.mediaType?.startsWith('image/') ? MessageType.Image : MessageType.Attachment
    return this.send('file', conversation, { name: file.name, type })
  }

  async messageSendContact (conversation, contact) {
    return this.send('contact', conversation, { contact, type: MessageType.Contact })
  }

  async messageSendUrl (conversation, attachment) {
    return this.send('url', conversation, { attachment, type: MessageType.Url })
  }

  async messageSendMiniProgram (conversation, attachment) {
    return this.send('mini_program', conversation, { attachment, type: MessageType.MiniProgram })
  }

  async messageSendLocation (conversation, attachment) {
    return this.send('location', conversation, { attachment, type: MessageType.Location })
  }

  async messageForward (conversation, messageId) {
    const { text, type } = await this.messagePayload(messageId)
    return this.send('forward', conversation, { text, type })
  }

  async send (kind, conversation, fields) {
    await this.stillAlive()
    const entry = this.ledger.ask(kind, { conversation, ...fields })
    const rule = this.faults.takeSendRule(kind, conversation)
    try {
      if (!this.isLoggedIn) throw rpcError('FAILED_PRECONDITION', 'not logged in')
      await this.refuseOrHold(rule, entry)
      const message = this.store(conversation, fields)
      Object.assign(entry, { delivered: true, id: message.id })
      await this.echoAndWait(message)
      await this.holdReply(rule)
      this.ledger.settle(entry, 'replied', { returned_id: this.faults.settings.returned_ids })
      return this.faults.settings.returned_ids ? message.id : undefined
    } catch (error) {
      this.ledger.settle(entry, 'failed', { error: error.message })
      throw error
    }
  }

  async refuseOrHold (rule, entry) {
    if (!rule) return
    entry.fault = rule.mode
    if (rule.mode === 'delay') await sleep(rule.ms)
    if (rule.mode === 'hang') await this.faults.hang()
    if (rule.mode === 'fail' || rule.mode === 'frequent') throw rpcError(rule.code, rule.text)
  }

  async holdReply (rule) {
    await sleep(this.faults.between(this.faults.settings.reply_jitter_ms))
    if (rule?.mode === 'delay_reply') await sleep(rule.ms)
    if (rule?.mode === 'hang_delivered') await this.faults.hang()
    if (rule?.mode === 'fail_delivered') throw rpcError(rule.code, rule.text)
  }

  store (conversation, { attachment, mentions, name, text, type }) {
    const where = this.world.rooms.has(conversation) ? { roomId: conversation } : { listenerId: conversation }
    return this.world.addMessage({
      ...where,
      attachment,
      filename: name,
      mentionIdList: mentions,
      talkerId: this.self,
      text,
      timestamp: this.faults.stamp(),
      type,
    })
  }

  // Echo before: resolves after the event went out. Echo after: resolves at once, the event follows.
  async echoAndWait (message) {
    const { before_share: share, delay_ms: delay, mode, times } = this.faults.settings.echo
    if (mode === 'never') return
    const pause = this.faults.between(delay)
    const before = mode === 'before' || (mode === 'mixed' && this.faults.random() < share)
    if (before) {
      this.tellMessage(message, times)
      await sleep(pause)
    } else {
      setTimeout(() => this.tellMessage(message, times), pause)
    }
  }
}

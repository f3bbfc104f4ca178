// A bot of Node's own `wechaty`, to compare with: it says back what members say in rooms, and does nothing else.
// Run with the packages of the test gateway; prints READY when it is logged in, and ends when its standard input closes.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [packages, endpoint, token] = process.argv.slice(2)
const require = createRequire(pathToFileURL(`${packages}/index.js`))
const load = name => import(pathToFileURL(require.resolve(name)))
const { WechatyBuilder } = await load('wechaty')
const { PuppetService } = await load('wechaty-puppet-service')

const puppet = new PuppetService({ endpoint, tls: { disable: true }, token })
const bot = WechatyBuilder.build({ puppet })

bot.on('login', () => console.log('READY'))
bot.on('error', error => console.error(error.message))
bot.on('message', async message => {
  try {
    const room = message.room()
    if (room && !message.self()) await room.say(`「${message.text()}」`)
  } catch (error) {
    console.error(error.message)
  }
})
await bot.start()
process.stdin.on('end', () => process.exit(0)).resume()

// Starts the gateway: the real PuppetServer on one loopback port, the control port on another.
// Prints one line `GATEWAY {json}` when both are ready, and ends when its standard input closes.
import { createServer } from 'node:http'
import { createServer as createSocket } from 'node:net'
import { parseArgs } from 'node:util'
import { Faults } from './faults.mjs'
import { Gate } from './gate.mjs'
import { Ledger } from './ledger.mjs'
import { SteeredPuppet } from './puppet.mjs'
import { VERBS } from './verbs.mjs'

const SELF = { id: 'wxid_self', name: '小管家' }

const { values: options } = parseArgs({
  options: {
    closed: { default: false, type: 'boolean' }, // the gRPC server waits for the order `server`
    login: { default: 'boot', type: 'string' }, // boot, start (when the client calls Start) or never
    port: { default: '0', type: 'string' },
    token: { default: 'puppet_test_token', type: 'string' },
  },
})

const freePort = () => new Promise((resolve, reject) => {
  const probe = createSocket().once('error', reject)
  probe.listen(0, '127.0.0.1', () => {
    const { port } = probe.address()
    probe.close(() => resolve(port))
  })
})

async function readJson (request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {}
}

function serveControl (gateway) {
  const server = createServer(async (request, response) => {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body ?? null))
    }
    try {
      const verb = VERBS[request.url.slice(1)]
      if (!verb) return answer(404, { error: `unknown verb; known: ${Object.keys(VERBS).join(', ')}` })
      answer(200, await verb(gateway, await readJson(request)))
    } catch (error) {
      answer(400, { error: error.message })
    }
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))
}

async function main () {
  const ledger = new Ledger()
  const faults = new Faults()
  const puppet = new SteeredPuppet({ faults, ledger })
  puppet.on('error', () => {}) // an emitter without a listener for errors would end the process
  puppet.world.addContact(SELF)
  puppet.account = SELF.id
  puppet.loginOnStart = options.login === 'start'
  if (options.login === 'boot') {
    puppet.login(SELF.id)
    await puppet.start()
  }
  const port = Number(options.port) || await freePort()
  const gate = new Gate({ ledger, port, puppet, token: options.token })
  const gateway = { faults, gate, ledger, puppet }
  gateway.initial = structuredClone(VERBS.dump(gateway))
  const control = await serveControl(gateway)
  if (!options.closed) await gate.open()
  console.log('GATEWAY ' + JSON.stringify({ control, endpoint: gate.endpoint, self: SELF.id, token: options.token }))
  process.stdin.on('end', () => process.exit(0)).resume()
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})

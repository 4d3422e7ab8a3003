// Stands where VS Code would: answers its health check on the socket it is given.
import { createServer } from 'node:http'

const [socket, flag] = process.argv.slice(2)
const server = createServer((request, response) => {
  response.end(request.url === '/healthz' ? '{"status":"alive"}' : `ide ${request.url}`)
})
// Its WebSockets, as far as anyone between looks: what comes goes back.
server.on('upgrade', (_request, joined) => {
  joined.on('error', () => joined.destroy())
  joined.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  )
  joined.pipe(joined)
})
server.listen(socket, () => process.stdout.write('ide listens\n'))
// As a dev server started in one of its terminals would.
if (flag === '--listen') createServer((_, response) => response.end('hi')).listen(0, '127.0.0.1')

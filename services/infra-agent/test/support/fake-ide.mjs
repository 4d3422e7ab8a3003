// Stands where VS Code would: answers its health check on the socket it is given.
import { createServer } from 'node:http'

const [socket] = process.argv.slice(2)
const server = createServer((request, response) => {
  response.end(request.url === '/healthz' ? '{"status":"alive"}' : `ide ${request.url}`)
})
server.listen(socket, () => process.stdout.write('ide listens\n'))

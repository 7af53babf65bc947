// node via-proxy.js SOCKET COMMAND ARG...: runs a command whose only way out is the proxy on a Unix socket. To be started
// in a network namespace of its own; there the proxy's socket file is all that leads outside.
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

const [socket, command, ...args] = process.argv.slice(2);
const relay = createServer((client) => {
  const proxy = connect(socket);
  client.pipe(proxy).pipe(client);
  client.on('error', () => proxy.destroy());
  proxy.on('error', () => client.destroy());
});
relay.listen(0, '127.0.0.1', () => {
  const proxy = `http://127.0.0.1:${relay.address().port}`;
  const env = { ...process.env, npm_config_proxy: proxy, npm_config_https_proxy: proxy };
  spawn(command, args, { env, stdio: 'inherit' }).on('close', (code) => {
    process.exitCode = code ?? 1;
    relay.close();
  });
});

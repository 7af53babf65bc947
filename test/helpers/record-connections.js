// For `node --import`: writes every address that the process tries to reach to the file RECORD_CONNECTIONS, one a line. Names
// that are looked up count as well, addresses do not: listening does that. Worker threads take it over from the process.
import { appendFileSync } from 'node:fs';
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';
import { inspect } from 'node:util';

const file = process.env.RECORD_CONNECTIONS;

record(net.Socket.prototype, 'connect');
record(dgram.Socket.prototype, 'send');
record(dgram.Socket.prototype, 'connect');
for (const resolver of [dns, dns.promises]) {
  for (const name of Object.keys(resolver)) if (/^(?:lookup|resolve)/.test(name)) record(resolver, name);
}
syncBuiltinESMExports();

function record(object, name) {
  const original = object[name];
  object[name] = function (...args) {
    const isAddress = /^(?:lookup|resolve)/.test(name) && net.isIP(args[0]) !== 0;
    if (!isAddress) appendFileSync(file, `${name} ${inspect(args, { breakLength: Infinity })}\n`);
    return original.apply(this, args);
  };
}

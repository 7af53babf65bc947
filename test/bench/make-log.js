// Writes a log of the given size to stdout: `node test/bench/make-log.js 100MB [lines|csv] [seed]`.
// Its lines are made from the shapes below with varied numbers, names and addresses; frequent shapes come first.
import { once } from 'node:events';

const shapes = [
  '{time} web-{n2} nginx: {ip} - - "GET /catalog/{n5}?page={n1} HTTP/1.1" {status} {n4} "-" "Mozilla/5.0"',
  '{time} app-{n1} INFO  com.shop.OrderService - order {n7} priced in {n2} ms for customer {n6}',
  '{time} app-{n1} DEBUG com.shop.CartCache - evicted {n3} entries, {n4} kept, generation {n5}',
  '{time} kafka-{n1} INFO [GroupCoordinator {n1}]: Stabilized group checkout-{n2} generation {n4} with {n1} members',
  '{time} app-{n1} WARN  com.shop.PaymentClient - attempt {n1} of payment {uuid} timed out after {n4} ms',
  '{time} bastion sshd[{n5}]: Failed password for invalid user user{n3} from {ip} port {n5} ssh2',
  '{time} bastion sshd[{n5}]: Accepted publickey for deploy from {ip} port {n5} ssh2: ED25519 SHA256:{hex}',
  '{time} db-{n1} postgres[{n5}]: LOG:  duration: {n4}.{n3} ms  statement: SELECT * FROM orders WHERE id = {n7}',
  '{time} node-{n2} kernel: [{n6}.{n6}] eth{n1}: link up, {n4} Mbps, full duplex',
  '{time} hdfs-{n2} INFO dfs.DataNode$PacketResponder: Received block blk_{n9} of size {n7} from /{ip}',
  '{time} node-{n2} systemd[1]: Started Session {n4} of user worker{n2}.',
  '{time} app-{n1} ERROR com.shop.StockService - cannot reserve item {n6}: warehouse {n2} answered {status}',
  '{time} node-{n2} kernel: [{n6}.{n6}] Out of memory: Killed process {n5} (java) total-vm:{n7}kB, anon-rss:{n7}kB',
  '{time} app-{n1} ERROR com.shop.Export - job {n5} failed: java.io.IOException: No space left on device',
];

const [, , size = '100MB', format = 'lines', seed = '1'] = process.argv;
const target = Number.parseFloat(size) * { KB: 1e3, MB: 1e6, GB: 1e9 }[size.slice(-2)];
const random = mulberry32(Number(seed));
const fill = {
  time: () => new Date(1_767_225_600_000 + Math.floor(random() * 1e9)).toISOString(),
  ip: () => [10, digit(255), digit(255), digit(255)].join('.'),
  status: () => [200, 200, 200, 200, 304, 404, 500, 503][digit(8)],
  hex: () => Array.from({ length: 16 }, () => digit(16).toString(16)).join(''),
  uuid: () => [8, 4, 4, 4, 12].map((length) => Array.from({ length }, () => digit(16).toString(16)).join('')).join('-'),
};

let written = 0;
if (format === 'csv') process.stdout.write('source,message\n');
while (written < target) {
  let block = '';
  while (block.length < 1 << 18) {
    const shape = shapes[Math.floor(random() ** 2 * shapes.length)];
    const line = shape.replace(/\{(\w+)\}/g, (_, name) => fill[name]?.() ?? String(digit(10 ** Number(name.slice(1)))));
    block += format === 'csv' ? `host-${digit(9)},"${line.replaceAll('"', '""')}"\n` : `${line}\n`;
  }
  written += block.length;
  if (!process.stdout.write(block)) await once(process.stdout, 'drain');
}

function digit(below) {
  return Math.floor(random() * below);
}

/** A small seeded generator, uniform in [0, 1). */
function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toTemplate } from '../../src/template/normalise.ts';

describe.each<[string, Array<[text: string, template: string]>]>([
  [
    'timestamps at the start of a line vanish with their brackets, whatever their form',
    [
      ['2024-01-02T03:04:05.678Z disk is slow', 'disk is slow'],
      ['2024-01-02 03:04:05,678 +0100 disk is slow', 'disk is slow'],
      ['2024/01/02 03:04:05 disk is slow', 'disk is slow'],
      ['24/01/02 03:04:05 disk is slow', 'disk is slow'],
      ['01-02 03:04:05.678 disk is slow', 'disk is slow'],
      ['20240102T030405Z disk is slow', 'disk is slow'],
      ['20240102-03:04:05:678|disk is slow', 'disk is slow'],
      ['240102 030405 disk is slow', 'disk is slow'],
      ['240102  3:04:05 disk is slow', 'disk is slow'],
      ['03:04:05.678 disk is slow', 'disk is slow'],
      ['[02/Jan/2024:03:04:05 +0000] disk is slow', 'disk is slow'],
      ['02-Jan-2024 03:04:05.678 disk is slow', 'disk is slow'],
      ['[Tue Jan 02 03:04:05.678 2024] disk is slow', 'disk is slow'],
      ['Tue, 02 Jan 2024 03:04:05 GMT - disk is slow', 'disk is slow'],
      ['[   12.345678] disk is slow', 'disk is slow'],
      ['1704164645 disk is slow', 'disk is slow'],
      ['1704164645.678 disk is slow', 'disk is slow'],
      ['[2024-01-02 03:04:05] [2024-01-02 03:04:05.6] [warn] disk is slow', '[warn] disk is slow'],
      ['2024-01-02T03:04:05Z first\n2024-01-02T03:04:06Z second', 'first second'],
      ['[2024-01-02 03:04:05: INFO/Main] ready', '[INFO/Main] ready'],
    ],
  ],
  [
    'timestamps elsewhere become a placeholder',
    [
      ['next run at 2024-01-02 03:04:05', 'next run at <time>'],
      ['ts=2024-01-02T03:04:05Z level=info', 'ts=<time> level=info'],
      ['{"time":"2024-01-02T03:04:05Z","level":"info"}', '{"time":"<time>","level":"info"}'],
    ],
  ],
  [
    'a syslog header leaves the program',
    [
      ['Jan  2 03:04:05 web-1 sshd[1234]: session closed', 'sshd[<num>]: session closed'],
      ['Jan  2 03:04:05 web-1 kernel: oops', 'kernel: oops'],
      ['Jan  2 03:04:05 sshd[1234]: session closed', 'sshd[<num>]: session closed'],
      ['2024-01-02T03:04:05+00:00 web-1 cron[77]: done', 'cron[<num>]: done'],
      ['2024-01-02 03:04:05 INFO scheduler: done', 'INFO scheduler: done'],
    ],
  ],
  [
    'numbers, with sign, unit and list',
    [
      ['took 12 ms, 3.5s, -7, 45% of 1m5.1s', 'took <num>, <num>, <num>, <num>% of <num>'],
      ['sent 5.2 KB of 10MB', 'sent <num> of <num>'],
      ['eth0 and node-228 up', 'eth<num> and node-<num> up'],
      ['at v1.2.3 (lifetime 00:03)', 'at v<num> (lifetime <num>)'],
      ['12_34, #42 and 7*3', '<num>_<num>, #<num> and <num>*<num>'],
    ],
  ],
  [
    'hexadecimal, ids and digests',
    [
      ['at 0x7ffe12 flags=0x1', 'at <hex> flags=<hex>'],
      ['iar 0047f3c0 dear 00000000', 'iar <num> dear <num>'],
      ['digest d41d8cd98f00b204e9800998ecf8427e', 'digest <hex>'],
      ['block blk_-4954795063440871977 and blk_12', 'block blk_<num> and blk_<num>'],
      ['task task_1445144423722_0020_m_000003 done', 'task <id> done'],
      ['queue id rA37ZTSC026254: sent', 'queue id <id>: sent'],
      ['[req-3ea4052c-895d-4b64-9e2d-04d64c4d94ab] ok', '[req-<uuid>] ok'],
      ['job 3EA4052C-895D-4B64-9E2D-04D64C4D94AB', 'job <uuid>'],
    ],
  ],
  [
    'addresses: one placeholder for names, IPv4 and IPv6, with or without port',
    [
      ['from 10.0.0.7 port 22', 'from <host> port <num>'],
      ['src: /10.0.0.7:50010', 'src: <host>'],
      ['[client:10.0.0.7]', '[client:<host>]'],
      ['from 10.0.0.7#3076', 'from <host>'],
      ['from fe80::1c2d:1', 'from <host>'],
      ['from ::1', 'from <host>'],
      ['to db-3.example.com:5432', 'to <host>'],
      ['station 00:1b:44:11:3a:b7 left', 'station <mac> left'],
      ['mail to bob.b@example.com', 'mail to <email>'],
      ['GET https://a.example/p?q=1,2&r=(3) failed', 'GET <url> failed'],
      ['see (https://a.example/p)', 'see (<url>)'],
    ],
  ],
  [
    'paths become a placeholder, words with slashes stay',
    [
      ['open /var/log/app-1.log: denied', 'open <path>: denied'],
      ['open C:\\Temp\\x.txt', 'open <path>'],
      ['at src/a/b.ts:12:5', 'at <path>'],
      ['"GET /a?b=1&c=(2) HTTP/1.1" 200 1534', '"GET <path> HTTP/<num>" 200 <num>'],
      ['read/write and/or MAIL/EXPN/VRFY/ETRN', 'read/write and/or MAIL/EXPN/VRFY/ETRN'],
      ['class org.apache.hadoop.io loaded', 'class org.apache.hadoop.io loaded'],
    ],
  ],
  [
    'a quoted single value becomes a placeholder; words, keys and plain field values stay',
    [
      ["table 'orders_v2' is missing", 'table <str> is missing'],
      ['message "permission denied" seen', 'message "permission denied" seen'],
      ['level="error" msg="no route"', 'level="error" msg="no route"'],
      ['{"state":"failed","name":"job-x1"}', '{"state":"failed","name":<str>}'],
      ["can't find it, don't ask", "can't find it, don't ask"],
      [
        '"-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0 Safari/537.36"',
        '"-" <str>',
      ],
    ],
  ],
  [
    'numbers that carry the meaning stay',
    [
      ['status: 404, exit code 1, errno=13, signal 11', 'status: 404, exit code 1, errno=13, signal 11'],
      ['"GET / HTTP/1.1" 503 17', '"GET / HTTP/<num>" 503 <num>'],
      ['{"statusCode":404,"size":404}', '{"statusCode":404,"size":<num>}'],
      ['exit code 1: gone, status 404.', 'exit code 1: gone, status 404.'],
      ['exit status 2 after 2 tries', 'exit status 2 after <num> tries'],
      ['rc=-1 returned 127 http 502', 'rc=-1 returned 127 http 502'],
      ['error[E0425]: x', 'error[E0425]: x'],
      ['TS2304: no name', 'TS2304: no name'],
      ['ORA-00942: no table', 'ORA-00942: no table'],
      ['error 10061 but errors 10061', 'error 10061 but errors <num>'],
      ['status 40404', 'status <num>'],
      ['keycode=4', 'keycode=<num>'],
    ],
  ],
  [
    'white space collapses',
    [
      ['  a \t b\n\nc  ', 'a b c'],
      ['', ''],
      [' \n ', ''],
    ],
  ],
])('%s', (_name, cases) => {
  test.each(cases)('%j', (text, template) => {
    expect(toTemplate(text)).toBe(template);
    expect(toTemplate(template)).toBe(template);
  });
});

test('a text beyond the bound is cut, and so is a template that grew past it', () => {
  expect(toTemplate('a'.repeat(100_000))).toBe('a'.repeat(2000));
  const grown = toTemplate('1 '.repeat(1000));
  expect(grown.length).toBeLessThanOrEqual(2000);
  expect(grown).toMatch(/^<num>( <num>)+$/);
});

const VALUES =
  '/var/log/app-1.log src/a.ts:12:5 C:\\Temp\\x1 https://a.example/p?q=1,2 10.0.0.7:443 fe80::1 00:1b:44:11:3a:b7 ' +
  'bob@a1.example.com db-3.example.com:5432 7f3e9a10-1111-4222-8333-abcdefabcdef 0x7ffe blk_-123 12 -7 3.5 10ms 1m5.1s ' +
  '99999 eth0 a1b2c3 deadbeef1 task_1_2_3 x_1 2024-01-02T03:04:05Z 12:00:01 1700000000 17/06/09 sshd[12]:';
const MEANINGFUL = 'status code error exit errno signal HTTP/1.1 E0425 ORA-00942 exitcode rc http';
const OTHER =
  '\'x_1\' "users" "GET "level":"info" {"a": } [ ] ( ) < > = : , ; | " \' ` . - _ @ / \\ % # KB bytes AM Jun 5 [Sun Dec ' +
  '<num> <time> <str> <nope> é 日本 user root host kernel: "Mozilla/5.0';
const GLUES = ['', '', ' ', ' ', '  ', '\n', ':', '=', ',', '"', '-', '.'];

test('a template is its own template', () => {
  const text = fc.oneof(
    logLike(`${VALUES} ${MEANINGFUL} ${OTHER}`),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, (line) => {
      const template = toTemplate(line);
      expect(toTemplate(template)).toBe(template);
    }),
    { numRuns: 4000, seed: 1 },
  );
});

test('no digit is left where no word gives it a meaning', () => {
  fc.assert(
    fc.property(logLike(VALUES), (line) => {
      expect(toTemplate(line)).not.toMatch(/\d/);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test('other values of the same kind give the same template', () => {
  fc.assert(
    fc.property(fc.nat(), fc.ipV4(), fc.uuid(), (n, ip, uuid) => {
      const line = `2024-01-02 03:04:05 worker-${n} [${uuid}] gave up on ${ip}:${n} after ${n} ms, exit code 1`;
      expect(toTemplate(line)).toBe('worker-<num> [<uuid>] gave up on <host> after <num>, exit code 1');
    }),
    { numRuns: 500, seed: 1 },
  );
});

function logLike(pieces: string): fc.Arbitrary<string> {
  const part = fc.tuple(fc.constantFrom(...pieces.split(' ')), fc.constantFrom(...GLUES));
  return fc.array(part, { maxLength: 14 }).map((parts) => parts.flat().join(''));
}

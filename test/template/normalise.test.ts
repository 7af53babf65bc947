import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toTemplate } from '../../src/template/normalise.ts';

const PIECES = (
  '/var/log/app-1.log src/a.ts:12:5 C:\\Temp\\x https://a.example/p?q=1,2 10.0.0.7:443 fe80::1 00:1b:44:11:3a:b7 ' +
  'bob@example.com db-3.example.com:5432 7f3e9a10-1111-4222-8333-abcdefabcdef 0x7ffe blk_-123 E0425 ORA-00942 status ' +
  'code error errno signal HTTP/1.1 SQLSTATE 404 12 -7 3.5 10ms 1m5.1s 99999 KB bytes eth0 a1b2c3 deadbeef1 task_1_2_3 ' +
  '\'x_1\' "users" "GET "level":"info" {"a": } [ ] ( ) < > = : , ; | " \' ` . - _ @ / \\ % # <num> <time> <str> <nope> ' +
  'Jun 5 12:00:01 2024-01-02T03:04:05Z [Sun Dec 04:51:14 2005] sshd[12]: host AM 1700000000 17/06/09 é 日本 user root exit'
).split(' ');
const GLUES = ['', '', ' ', ' ', '  ', '\n', ':', '=', ',', '"', '-', '.'];
const logLike = fc
  .array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom(...GLUES)), { maxLength: 14 })
  .map((parts) => parts.flat().join(''));

test('a template is its own template', () => {
  fc.assert(
    fc.property(
      fc.oneof(logLike, fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 80 })),
      (text) => {
        const template = toTemplate(text);
        expect(toTemplate(template)).toBe(template);
      },
    ),
    { numRuns: 5000, seed: 1 },
  );
});

import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../../../src/llm/redact/redact.ts';

const standard = createRedactor('standard');
const strict = createRedactor('strict');

test.each([
  // assignments, in all the ways to write them
  ['login with password=hunter2 failed', 'login with password=<secret-1> failed'],
  ['{"user":"bob","dbPassword":"a \\"b\\" c"}', '{"user":"bob","dbPassword":"<secret-1>"}'],
  ["secret: 'abc def'", "secret: '<secret-1>'"],
  ['run --api-key k1x2 --verbose', 'run --api-key <secret-1> --verbose'],
  ['Server=db;User Id=sa;Password=P@ss,w0rd;Encrypt=True', 'Server=db;User Id=sa;Password=<secret-1>;Encrypt=True'],
  ['<clientSecret>abc</clientSecret>', '<clientSecret><secret-1></clientSecret>'],
  ['mysql -u root -phunter2 shop', 'mysql -u root -p<secret-1> shop'],
  ["ALTER USER app IDENTIFIED BY 'x y'", "ALTER USER app IDENTIFIED BY '<secret-1>'"],
  ['the password for bob is hunter2', 'the password for bob is <secret-1>'],
  ['GET /a?token=abc%20def&page=2 HTTP/1.1', 'GET /a?token=<secret-1>&page=2 HTTP/1.1'],
  // headers and addresses
  ['Authorization: Basic YWxhZGRpbjpvcGVu', 'Authorization: Basic <secret-1>'],
  ['Cookie: theme=dark; sid=1', 'Cookie: <secret-1>'],
  ['postgres://app:s3cret/x@db:5432/shop', 'postgres://<secret-1>@db:5432/shop'],
  ['curl -u admin:hunter2 http://a', 'curl -u <secret-1> http://a'],
  // personal data
  ['mail from ann@example.org to bob@example.org', 'mail from <email-1> to <email-2>'],
  ['from 192.0.2.7 port 22', 'from <ip-1> port 22'],
  ['peer [2001:db8::1]:443 gone', 'peer [<ip-1>]:443 gone'],
  ['card 4111 1111 1111 1111 declined', 'card <card-1> declined'],
  ['call +44 20 7946 0958 back', 'call <phone-1> back'],
  ['IBAN GB82 WEST 1234 5698 7654 32 unknown', 'IBAN <account-1> unknown'],
  ['open /home/ann/app/main.js', 'open /home/<user-1>/app/main.js'],
  ['open C:\\Users\\ann\\x.txt', 'open C:\\Users\\<user-1>\\x.txt'],
])('%s', (text, expected) => {
  expect(standard(text)).toBe(expected);
});

test.each([
  'Failed password for root from port 22',
  'password: incorrect',
  'token expired, token_type=bearer',
  'unexpected token: <str>',
  '--- PASS: TestAlpha (<num>)',
  'PWD=/ ; USER=root ; COMMAND=<path>',
  'secret "dockerhub" not found',
  'max_tokens=4096',
  'password=***',
  'password=${DB_PASSWORD}',
  'server-password: GITHUB_TOKEN',
  'version 1.2.3.4.5 of build 20260301123456',
  'order 4111 1111 1111 1112 shipped',
  'Added filter org.apache.hadoop.yarn.server.webproxy.amfilter.AmIpFilter',
  'retry policy is RetryUpToMaximumCountWithFixedSleep(maxRetries=<num>)',
  'authors: 3, sessions: 12, passed: 4',
  'checked out 3f2a9c1b7d5e4f60718293a4b5c6d7e8f9012345',
])('%s is left as it is', (text) => {
  expect(standard(text)).toBe(text);
});

test('the same value gets the same placeholder, another one the next number', () => {
  expect(standard('a@x.org b@x.org a@x.org')).toBe('<email-1> <email-2> <email-1>');
});

test('a secret that a template has masked a part of is taken out whole', () => {
  expect(standard('key xoxb-<num>-<num>-AbCdEfGhIj rejected')).toBe('key <secret-1> rejected');
  expect(standard('password=<id>!x<num>')).toBe('password=<secret-1>');
  expect(standard('password=<str>')).toBe('password=<str>');
});

test('strict takes out user and host names too', () => {
  expect(strict('Failed password for invalid user ann from db1.example.com')).toBe(
    'Failed password for invalid user <user-1> from <host-1>',
  );
  expect(strict('user=ann host=db1 ok')).toBe('user=<user-1> host=<host-1> ok');
});

test('off takes out nothing', () => {
  expect(createRedactor('off')('password=hunter2')).toBe('password=hunter2');
});

test('any text is taken, and what has been redacted stays as it is', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 200 }), (text) => {
      const once = strict(text);
      expect(once).not.toMatch(/[\ue000-\uf8ff]/);
      expect(strict(once)).toBe(once);
    }),
  );
});

test.each([
  ['a'.repeat(50_000)],
  ['a.'.repeat(25_000)],
  ['password'.repeat(6_000)],
  ['password='.repeat(5_000)],
  ['"'.repeat(50_000)],
  ['a:b@'.repeat(12_000)],
  ['-----BEGIN PRIVATE KEY-----'.repeat(1_800)],
  ['1234 '.repeat(10_000)],
  ['--'.repeat(25_000)],
  ['curl '.repeat(10_000)],
  ['cookie: '.repeat(6_000)],
])(
  '50 kB of hostile text, %#, are done before the test runner gives up',
  (text) => {
    expect(typeof strict(text)).toBe('string');
  },
  5_000,
);

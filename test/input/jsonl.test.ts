import { expect, test } from 'vitest';
import { every, readAll } from './read.ts';

const textsOf = async (...lines: string[]): Promise<string[]> => (await readAll(`${lines.join('\n')}\n`)).texts;

test('the message of the usual loggers', async () => {
  expect(
    await textsOf(
      '{"level":30,"time":1,"pid":1,"hostname":"h","msg":"pino or bunyan"}',
      '{"level":"error","ts":1.5,"caller":"a.go:1","msg":"zap"}',
      '{"@timestamp":"2024-01-01T00:00:00Z","log":{"level":"info"},"message":"ecs"}',
      '{"log":"docker\\n","stream":"stdout","time":"2024-01-01T00:00:00Z"}',
      '{"log":"{\\"level\\":\\"info\\",\\"msg\\":\\"in docker\\"}\\n","stream":"stdout"}',
      '{"MESSAGE":"journald","_PID":"1"}',
      '{"MESSAGE":[106,195,169],"_PID":"1"}',
      '{"@t":"2024-01-01","@m":"serilog"}',
      '{"event":"structlog","level":"info"}',
      '{"textPayload":"cloud"}',
      '{"jsonPayload":{"message":"cloud json"}}',
      '{"level":50,"msg":"","err":{"type":"Error","message":"only an error"}}',
      '{"Action":"output","Output":"--- FAIL: TestX\\n"}',
    ),
  ).toEqual([
    'pino or bunyan',
    'zap',
    'ecs',
    'docker',
    'in docker',
    'journald',
    'jé',
    'serilog',
    'structlog',
    'cloud',
    'cloud json',
    'only an error',
    '--- FAIL: TestX',
  ]);
});

test('rows are the lines as they are', async () => {
  const { raws, texts, layout, format, reason } = await readAll('{"msg":"\\u001b[31mé\\u001b[0m é"} \r\n{"a":1}\n');
  expect(format).toBe('jsonl');
  expect(reason).toBe('jsonl (one object a line)');
  expect(layout).toEqual({ kind: 'json' });
  expect(raws).toEqual([
    '{"msg":"\\u001b[31mé\\u001b[0m \u00c3\u00a9"} '.replace('31mé', '31m\u00c3\u00a9'),
    '{"a":1}',
  ]);
  expect(texts).toEqual(['é é', '{"a":1}']);
});

test('the message by name or path', async () => {
  const input = '{"a":{"b":"inner"},"a.c":"dotted","n":5,"msg":"m"}\n';
  expect((await readAll(input, { field: 'a.b' })).texts).toEqual(['inner']);
  expect((await readAll(input, { field: 'a.c' })).texts).toEqual(['dotted']);
  expect((await readAll(input, { column: 'n' })).texts).toEqual(['5']);
  expect((await readAll(input, { field: 'constructor' })).texts).toEqual([input.trimEnd()]);
});

test('lines that are no objects are rows too, flagged', async () => {
  const input = '{"msg":"a"}\nstarting up\n{"msg":"b"}\n[1]\n{"msg":"cut\n\n{"msg":"c"}\n{"msg":"d"}';
  const { raws, texts, damaged, damage } = await readAll(every(5, input), { format: 'jsonl' });
  expect(raws).toHaveLength(7);
  expect(texts).toEqual(['a', 'starting up', 'b', '[1]', '{"msg":"cut', 'c', 'd']);
  expect([...damaged]).toEqual([2, 4, 5].map((row) => [row, 'not-json']));
  expect(damage['not-json']).toEqual({ count: 3, firstRow: 2, firstLine: 2 });
  expect(damage['blank-line']?.count).toBe(1);
});

test('half of the first lines have to be objects', async () => {
  expect((await readAll('starting\n{"msg":"a"}\n')).format).toBe('jsonl');
  expect((await readAll('one\ntwo\n{"msg":"a"}\n')).format).toBe('lines');
  expect((await readAll('[\n  {"a": 1}\n]\n')).format).toBe('lines');
});

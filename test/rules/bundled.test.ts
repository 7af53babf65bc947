import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { requiredLiterals } from '../../src/rules/literals.ts';
import { loadRules } from '../../src/rules/load.ts';
import { createMatcher } from '../../src/rules/matcher.ts';
import { parsePattern } from '../../src/rules/syntax.ts';

const file = fileURLToPath(new URL('../../models/logiq-base/rules.yaml', import.meta.url));
const rules = await loadRules(file);
const match = createMatcher(rules);

test.each(rules.map((rule) => [rule.id, rule] as const))('%s is the first to match its examples', (id, rule) => {
  expect(rule.match.map((line) => match(line)?.id)).toEqual(rule.match.map(() => id));
});

test.each(rules.map((rule) => [rule.id, rule] as const))('%s does not match what it rejects', (_, rule) => {
  const regex = new RegExp(rule.pattern, rule.flags);
  expect(rule.reject.filter((line) => regex.test(line))).toEqual([]);
});

test('every rule has a literal to be found by, so that no line pays for all of them', () => {
  const without = rules.filter((rule) => requiredLiterals(parsePattern(rule.pattern)) === undefined);
  expect(without.map((rule) => rule.id)).toEqual([]);
});

const asked = (path: string, agent = 'Mozilla/5.0 (X11; Linux x86_64)'): string[] =>
  [200, 302, 404, 500].map(
    (status) => `203.0.113.9 - - [04/Feb/2025:02:11:08 +0000] "GET ${path} HTTP/1.1" ${status} 812 "-" "${agent}"`,
  );
const idsOf = (lines: readonly string[]): string[] => [...new Set(lines.map((line) => match(line)?.id ?? ''))];

const probed =
  '/.env /.git/config /shop.php.bak /x/.bash_history /phpmyadmin/ /pma/ /myadmin/ /boaform/admin /HNAP1/ /wp-config.old ' +
  '/index.php?s=invokefunction /vendor/phpunit/src/Util/PHP/eval-stdin.php /etc/passwd /cgi-bin/php5 /index.php?-d+a ' +
  '/a?allow_url_include=1 /a?auto_prepend_file=x /a.php/login.php /a?cmd=id /shell.php /timthumb.php /cgi-bin/luci ' +
  '/solr/admin/info /manager/html /_ignition/execute-solution';
test.each(probed.split(' '))('a request for %s is no ordinary one, whatever the answer', (path) => {
  expect(idsOf(asked(path))).toEqual(['http-probe']);
});

const scanners =
  'Nikto sqlmap zgrab masscan Nuclei WPScan DirBuster gobuster feroxbuster Acunetix OpenVAS Nessus w3af Havij ZmEu Morfeus libwww-perl/6';
test.each(scanners.split(' '))('a request of %s is no ordinary one, whatever the answer', (agent) => {
  expect(idsOf(asked('/', `${agent}/2.1`))).toEqual(['http-scanner']);
});

test('a visitor of pages with such names is an ordinary one', () => {
  const paths = ['/', '/blog/scanners', '/team/pmaier', '/how-to-find-a-shell', '/environment'];
  expect(idsOf(paths.flatMap((path) => asked(path).slice(0, 3)))).toEqual(['http-access']);
});

test('every label is one of the model', () => {
  const labels =
    'routine user_activity http_request auth_failure security_threat network database storage hardware resource crash app_error config_error data_error dependency_error job_failure deprecation build_failure test_failure lint_failure ci_infra';
  expect(rules.map((rule) => rule.label).filter((label) => !labels.split(' ').includes(label))).toEqual([]);
});

test('no rule is done for long with 50 kB of what it looks for', () => {
  for (const rule of rules) {
    const [literal = ''] = requiredLiterals(parsePattern(rule.pattern)) ?? [];
    const example = rule.match[0]!;
    for (const piece of [literal, `${literal} `, `${literal}1`, example.slice(0, -1), 'a ', '1.', '"GET /', ' ']) {
      match(literal + piece.repeat(Math.ceil(50_000 / piece.length)));
    }
  }
});

test('ids are lower-case words joined by hyphens', async () => {
  const ids = [...(await readFile(file, 'utf8')).matchAll(/^- id: (.*)$/gm)].map((found) => found[1]!);
  expect(ids.filter((id) => !/^[a-z\d]+(?:-[a-z\d]+)*$/.test(id))).toEqual([]);
  expect(ids).toEqual(rules.map((rule) => rule.id));
});

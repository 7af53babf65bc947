import { createRandom } from '../../helpers/random.ts';

/** A log line with one secret in it, made up on the spot: no secret is written down anywhere. */
export interface Leak {
  readonly line: string;
  readonly secret: string;
  /** `known`: the secret has a shape of its own. `generic`: only its surroundings tell. */
  readonly kind: 'known' | 'generic';
  readonly shape: string;
  readonly format: string;
}

/** `perKind` leaks of each kind, shapes and formats in turn. */
export function leakCorpus(seed: number, perKind: number): Leak[] {
  const draw = createDraw(createRandom(seed));
  return [
    ...drawLeaks('known', knownShapes(draw), { ...assignments, ...bareFormats }, perKind, draw),
    ...drawLeaks('generic', genericShapes(draw), assignments, perKind, draw),
  ];
}

function drawLeaks(
  kind: Leak['kind'],
  shapes: Readonly<Record<string, () => string>>,
  formats: Readonly<Record<string, Format>>,
  count: number,
  draw: Draw,
): Leak[] {
  const shapeList = Object.entries(shapes);
  const formatList = Object.entries(formats);
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / shapeList.length);
    const [shape, make] = shapeList[index % shapeList.length] ?? ['', () => ''];
    // moves on by one each round, so that every shape meets every format
    const [format, wrap] = formatList[(index + round) % formatList.length] ?? ['', () => ''];
    const secret = make();
    const line = draw.one(carriers).replace('%', () => wrap(secret, draw));
    return { line, secret, kind, shape, format };
  });
}

/** Whether a text still tells the secret, or a stretch of it that is long enough to be of use. */
export function tells(text: string, secret: string): boolean {
  const core = secret.replace(notSecret, '');
  const stretch = Math.min(8, core.length);
  for (let start = 0; start + stretch <= core.length; start++) {
    if (text.includes(core.slice(start, start + stretch))) return true;
  }
  return false;
}

/** The lines around a key and a prefix such as `github_pat_` or `xoxb-` say what it is and nothing more. */
const notSecret =
  /-----(?:BEGIN|END)[ A-Z]+-----|https:\/\/hooks\.slack\.com\/services\/|^(?:github_pat_|sk-(?:ant-api03|proj)-|pypi-|dckr_pat_|dop_v1_|lin_api_|rubygems_|[a-zA-Z]{2,6}_(?:live|test)_|[a-zA-Z]{2,6}[-_])/g;

interface Draw {
  readonly one: <T>(items: readonly T[]) => T;
  readonly text: (alphabet: string, length: number) => string;
  readonly number: (from: number, to: number) => number;
}

function createDraw(random: () => number): Draw {
  const number = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  return {
    number,
    one: (items) => {
      const [item] = items.slice(number(0, items.length - 1));
      if (item === undefined) throw new Error('nothing to draw from');
      return item;
    },
    text: (alphabet, length) => Array.from({ length }, () => alphabet.charAt(number(0, alphabet.length - 1))).join(''),
  };
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const ALNUM = LOWER + UPPER + DIGITS;
const URL_SAFE = `${ALNUM}_-`;
const BASE64 = `${ALNUM}+/`;
const HEX = `${DIGITS}abcdef`;

function knownShapes({ text, number, one }: Draw): Record<string, () => string> {
  return {
    aws: () => one(['AKIA', 'ASIA']) + text(`${UPPER}234567`, 16),
    github: () => one(['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_']) + text(ALNUM, 36),
    githubFine: () => `github_pat_${text(ALNUM, 22)}_${text(ALNUM, 59)}`,
    gitlab: () => `glpat-${text(URL_SAFE, 20)}`,
    slackBot: () => `xoxb-${text(DIGITS, 12)}-${text(DIGITS, 13)}-${text(ALNUM, 24)}`,
    slackUser: () => `xoxp-${text(DIGITS, 11)}-${text(DIGITS, 11)}-${text(DIGITS, 12)}-${text(HEX, 32)}`,
    slackHook: () =>
      `https://hooks.slack.com/services/T${text(UPPER + DIGITS, 9)}/B${text(UPPER + DIGITS, 9)}/${text(ALNUM, 24)}`,
    stripe: () => one(['sk_live_', 'rk_live_', 'sk_test_']) + text(ALNUM, 24),
    groq: () => `gsk_${text(ALNUM, 52)}`,
    openai: () => `sk-proj-${text(URL_SAFE, 74)}T3BlbkFJ${text(URL_SAFE, 74)}`,
    openaiOld: () => `sk-${text(ALNUM, 20)}T3BlbkFJ${text(ALNUM, 20)}`,
    anthropic: () => `sk-ant-api03-${text(URL_SAFE, 93)}AA`,
    huggingface: () => `hf_${text(LOWER + UPPER, 34)}`,
    google: () => `AIza${text(URL_SAFE, 35)}`,
    googleOauth: () => `ya29.${text(URL_SAFE, 60)}`,
    googleSecret: () => `GOCSPX-${text(URL_SAFE, 28)}`,
    sendgrid: () => `SG.${text(URL_SAFE, 22)}.${text(URL_SAFE, 43)}`,
    mailgun: () => `key-${text(HEX, 32)}`,
    npm: () => `npm_${text(ALNUM, 36)}`,
    pypi: () => `pypi-AgEIcHlwaS5vcmc${text(URL_SAFE, 70)}`,
    rubygems: () => `rubygems_${text(HEX, 48)}`,
    docker: () => `dckr_pat_${text(URL_SAFE, 27)}`,
    digitalocean: () => `dop_v1_${text(HEX, 64)}`,
    databricks: () => `dapi${text(HEX, 32)}`,
    vault: () => `hvs.${text(URL_SAFE, 95)}`,
    terraform: () => `${text(ALNUM, 14)}.atlasv1.${text(URL_SAFE, 64)}`,
    shopify: () => `shpat_${text(HEX, 32)}`,
    square: () => `sq0atp-${text(URL_SAFE, 22)}`,
    atlassian: () => `ATATT3${text(`${ALNUM}_-=`, 186)}`,
    grafana: () => `glsa_${text(ALNUM, 32)}_${text(HEX, 8)}`,
    newrelic: () => `NRAK-${text(UPPER + DIGITS, 27)}`,
    linear: () => `lin_api_${text(ALNUM, 40)}`,
    postman: () => `PMAK-${text(HEX, 24)}-${text(HEX, 34)}`,
    telegram: () => `${text('123456789', 10)}:AA${text(URL_SAFE, 33)}`,
    azure: () => `${text(ALNUM, 3)}8Q~${text(`${ALNUM}_~.-`, 34)}`,
    jwt: () =>
      `${base64url(`{"alg":"HS256","kid":"${text(ALNUM, 6)}"}`)}.${base64url(`{"sub":"${text(ALNUM, 12)}"}`)}.${text(URL_SAFE, 43)}`,
    pem: () => {
      const type = one(['RSA ', 'EC ', 'OPENSSH ', '']);
      const body = Array.from({ length: number(2, 5) }, () => text(BASE64, 64)).join(one(['\\n', '\n', ' ']));
      return `-----BEGIN ${type}PRIVATE KEY-----\\n${body}\\n-----END ${type}PRIVATE KEY-----`;
    },
  };
}

function base64url(value: string): string {
  return Buffer.from(value).toString('base64url');
}

function genericShapes({ text, number, one }: Draw): Record<string, () => string> {
  const symbols = '!@#$%^*+?~';
  return {
    symbols: () => text(LOWER + UPPER, 1) + text(ALNUM + symbols, number(7, 15)),
    wordAndNumber: () => one(words) + text(DIGITS, number(2, 4)),
    capitalised: () =>
      `${one(words).replace(/^./, (first) => first.toUpperCase())}${text(DIGITS, 2)}${symbols.charAt(number(0, symbols.length - 1))}`,
    word: () => one(words) + one(words),
    hex: () => text(HEX, one([16, 32, 40, 64])),
    base64: () => `${text(BASE64, number(20, 42))}==`,
    alphanumeric: () => text(ALNUM, number(12, 40)),
    hyphened: () => `${one(words)}-${one(words)}-${one(words)}-${text(DIGITS, 2)}`,
    leet: () =>
      one(words).replaceAll('a', '4').replaceAll('e', '3').replaceAll('o', '0') +
      one(words) +
      symbols.charAt(number(0, symbols.length - 1)),
    uuid: () => [8, 4, 4, 4, 12].map((length) => text(HEX, length)).join('-'),
  };
}

type Format = (secret: string, draw: Draw) => string;

const snake = ['password', 'db_password', 'api_key', 'secret', 'client_secret', 'auth_token', 'access_token', 'passwd'];
const camel = ['password', 'dbPassword', 'apiKey', 'clientSecret', 'authToken', 'accessToken', 'secretKey'];
const upper = ['PASSWORD', 'DB_PASSWORD', 'API_KEY', 'SECRET_KEY', 'AUTH_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'NPM_TOKEN'];

const assignments = {
  equals: (secret, { one }) => `${one(snake)}=${secret}`,
  spacedEquals: (secret, { one }) => `${one(snake)} = ${secret}`,
  doubleQuoted: (secret, { one }) => `${one(snake)}="${secret}"`,
  singleQuoted: (secret, { one }) => `${one(snake)}='${secret}'`,
  json: (secret, { one }) => `{"user":"svc","${one(camel)}":"${secret}","retries":3}`,
  spacedJson: (secret, { one }) => `{"${one(camel)}": "${secret}"}`,
  escapedJson: (secret, { one }) => `"{\\"${one(camel)}\\":\\"${secret}\\"}"`,
  pythonDict: (secret, { one }) => `{'host': 'db', '${one(snake)}': '${secret}'}`,
  rubyHash: (secret, { one }) => `{:host=>"db", "${one(snake)}"=>"${secret}"}`,
  goStruct: (secret, { one }) => `{Host:db ${one(camel)}:${secret} Port:5432}`,
  yaml: (secret, { one }) => `${one(snake)}: ${secret}`,
  quotedYaml: (secret, { one }) => `${one(snake)}: "${secret}"`,
  environment: (secret, { one }) => `export ${one(upper)}=${secret}`,
  quotedEnvironment: (secret, { one }) => `ENV ${one(upper)}="${secret}"`,
  flag: (secret, { one }) => `--${one(snake).replaceAll('_', '-')} ${secret}`,
  flagEquals: (secret, { one }) => `--${one(snake).replaceAll('_', '-')}=${secret}`,
  query: (secret, { one }) => `GET /v1/items?${one(snake)}=${encodeURIComponent(secret)}&page=2 HTTP/1.1`,
  xml: (secret, { one }) => {
    const name = one(camel);
    return `<config><${name}>${secret}</${name}></config>`;
  },
  connectionString: (secret) => `Server=tcp:db,1433;User ID=app;Password=${secret};Encrypt=True`,
  property: (secret, { one }) => `spring.datasource.${one(snake)}=${secret}`,
  spokenIs: (secret) => `the password is "${secret}"`,
  header: (secret, { one }) => `${one(['X-Api-Key', 'X-Auth-Token', 'Api-Key'])}: ${secret}`,
  cookie: (secret) => `Cookie: theme=dark; session=${secret}`,
  setCookie: (secret) => `Set-Cookie: sid=${secret}; Path=/; HttpOnly`,
  sql: (secret) => `CREATE USER app IDENTIFIED BY '${secret}'`,
  java: (secret, { one }) => `Credentials(${one(camel)}=${secret}, realm=main)`,
} satisfies Record<string, Format>;

const bareFormats = {
  alone: (secret) => secret,
  quotedAlone: (secret) => `"${secret}"`,
  listed: (secret) => `[a, ${secret}, b]`,
  bearer: (secret) => `Authorization: Bearer ${secret}`,
  bareBearer: (secret) => `sending Bearer ${secret}`,
  basic: (secret) => `Authorization: Basic ${Buffer.from(`svc:${secret}`).toString('base64')}`,
  remote: (secret) => `https://x-access-token:${secret}@git.example.com/team/app.git`,
  invalidToken: (secret) => `Invalid token ${secret} given`,
} satisfies Record<string, Format>;

const carriers = [
  '%',
  'request failed: %',
  'level=error msg="cannot connect" %',
  '2026-03-01T10:00:00.123Z ERROR app: % (attempt 3)',
  'Mar  1 10:00:00 web01 worker[812]: starting with %',
  'dumping configuration % before exit',
  '[main] DEBUG c.e.app.Client - %',
];

const words =
  'sunshine dragon monkey football shadow master winter summer orange coffee purple silver thunder falcon tiger'.split(
    ' ',
  );

import { HIDDEN } from './vault.ts';

/**
 * Beginnings by which well-known providers mark their tokens, so that scanners find them. Each is followed by at least
 * `MIN_REST` token characters. Only the facts are collected here: vendors' documentation and the rule list of gitleaks
 * (MIT) name most of them.
 */
const prefixes = {
  codeHosts:
    'ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glptt- glcbt- glft- glffct- glimt- glsoat- ' +
    'glagent- gloas- GR1348941 ATATT3 ATCTT3 ATBB sgp_ pypi- rubygems_ dckr_pat_ dckr_oat_ CLOJARS_ AKCp ' +
    'cmVmd figd_',
  clouds:
    'ya29. GOCSPX- dop_v1_ doo_v1_ dor_v1_ hvs. hvb. hvr. HRKU- sbp_ fo1_ fm1a_ fm1r_ fm2_ nfp_ ' +
    'pscale_tkn_ pscale_oauth_ pscale_pw_ dp.pt. dp.st. dt0c01. dt0s01. tfp_ sha256~ ABSK ' +
    'bedrock-api-key- ops_ey AGE-SECRET-KEY-1',
  languageModels: 'sk-ant- sk-proj- sk-svcacct- sk-admin- sk-or-v1- gsk_ hf_ api_org_ pplx- r8_ xai-',
  services:
    'xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxe. xoxc- xoxd- xapp- SG. xkeysib- xsmtpsib- sk_live_ sk_test_ ' +
    'sk_prod_ rk_live_ rk_test_ rk_prod_ whsec_ sq0atp- sq0csp- EAAA shpat_ shpca_ shppa_ shpss_ ' +
    'shippo_live_ shippo_test_ duffel_live_ duffel_test_ EZAK EZTK FLWSECK FLWPUBK tk-us-',
  tools:
    'glc_ glsa_ NRAK- NRII- NRAA- sntrys_ sntryu_ phx_ phc_ lin_api_ ntn_ PMAK- pnu_ rdme_ sm_aat_ ' +
    'sm_pat_ sm_sat_ CFPAT- dvc_server_',
};

/** Characters after a prefix that make it a token, with a digit among them and without: fewer may be words. */
const MIN_REST = 10;
const MIN_LETTERS = 20;

/** Token characters; a run of digits that a template masked counts as enough by itself. */
const T = `[\\w${HIDDEN}-]`;
const rest = `(?:(?=${T}*\\d)${T}{${MIN_REST},}|${T}{${MIN_LETTERS},}|${T}*[${HIDDEN}]${T}*)[\\w.=~+/${HIDDEN}-]*`;

/** Shapes that a short prefix alone would not tell from a word. */
const shapes = [
  `(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA|AGPA|ANPA|A3T[A-Z0-9])[A-Z0-9${HIDDEN}]{8,}`, // AWS
  `npm_[A-Za-z\\d${HIDDEN}]{10,}`,
  `hf_[A-Za-z\\d${HIDDEN}]{16,}`, // Hugging Face
  `(?:key-|dapi|pul-|ico-|p8e-)[a-f\\d${HIDDEN}]{6,}(?![A-Za-z])`, // Mailgun, Databricks, Pulumi, Intercom, Adobe
  `AIza[\\w${HIDDEN}-]{10,}`, // Google
  `1\\/\\/0[\\w${HIDDEN}-]{20,}`, // Google refresh token
  `LTAI[A-Za-z0-9${HIDDEN}]{8,}`, // Alibaba
  `sk-(?=${T}*[\\d${HIDDEN}])${T}{16,}`, // OpenAI and many that copied it
  `(?:SK|AC)(?=[a-f\\d]*\\d)[a-f\\d]{32}`, // Twilio
  `[a-zA-Z0-9_~.]{3}[\\d${HIDDEN}]Q~[\\w~.${HIDDEN}-]{10,}`, // Azure client secret
  `[\\d${HIDDEN}]{1,12}:AA(?:[\\w${HIDDEN}-]{20,}|[\\w-]*[${HIDDEN}][\\w${HIDDEN}-]*)`, // Telegram bot
  `[A-Za-z\\d${HIDDEN}]{4,20}\\.atlasv[1${HIDDEN}]\\.[\\w=${HIDDEN}-]+`, // Terraform Cloud
  `[MNO][\\w${HIDDEN}-]{15,30}\\.[\\w${HIDDEN}-]{4,8}\\.[\\w${HIDDEN}-]{20,}`, // Discord bot
  `A3-[A-Z0-9${HIDDEN}]{1,8}(?:-[A-Z0-9${HIDDEN}]{1,12}){3,5}`, // 1Password
  `s\\.(?=[A-Za-z]*[\\d${HIDDEN}])[A-Za-z\\d${HIDDEN}]{18,}`, // Vault, before 1.10
];

/**
 * A token with a known beginning, wherever it stands: `\b` would miss the ones that follow an underscore. A digit in a
 * prefix may have become part of a placeholder.
 */
export const prefixedToken = new RegExp(
  `(?<![A-Za-z0-9${HIDDEN}])(?:(?:${Object.values(prefixes).join(' ').split(' ').map(pattern).join('|')})${rest}|${shapes.join('|')})`,
  'g',
);

function pattern(prefix: string): string {
  return prefix.replace(/[.~]/g, '\\$&').replace(/\d+/g, (digits) => `(?:${digits}|[${HIDDEN}])`);
}

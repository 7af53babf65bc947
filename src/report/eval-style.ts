import { SHADES } from './eval-confusion.ts';

const shades = Array.from({ length: SHADES }, (_, shade) => {
  const strength = 14 + (shade * 86) / SHADES;
  const ink = strength > 55 ? ';color:var(--on-shade)' : '';
  return (
    `.hit.h${shade}{background:color-mix(in srgb,var(--hit) ${strength}%,var(--paper))${ink}}` +
    `.miss.h${shade}{background:color-mix(in srgb,var(--miss) ${strength}%,var(--paper))${ink}}`
  );
}).join('\n');

/** Style sheet of the evaluation page. */
export const EVAL_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ground:#f4f5f7;--ink:#1c2128;--soft:#59636e;--line:#d9dee4;--accent:#2563a8;--hit:#1f7a4d;--miss:#b3452c;--on-shade:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#171b21;--ground:#0f1216;--ink:#e6e9ed;--soft:#9aa4af;--line:#2d343d;--accent:#6ca8e8;--hit:#4fb584;--miss:#e0785c;--on-shade:#0f1216}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px 16px 48px}
h1{margin:0;font-size:26px;overflow-wrap:anywhere}
h2{margin:0 0 4px;font-size:17px}
p{margin:0;color:var(--soft);overflow-wrap:anywhere}
header{margin-bottom:20px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:12px;margin:0 0 16px}
.tiles div,figure,section{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:14px 16px;margin:0}
dt{color:var(--soft);font-size:13px}
dd{margin:0}
dd strong{display:block;font-size:25px;line-height:1.3;font-variant-numeric:tabular-nums}
dd span{color:var(--soft);font-size:13px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:16px;margin-bottom:16px}
.plot{display:block;width:100%;max-width:460px;margin:12px auto 0}
.grid{stroke:var(--line);stroke-width:1}
.guide{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 4}
.ideal{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:6 4}
.fill{fill:var(--accent)}
.track{fill:var(--line)}
.mark{fill:var(--miss);stroke:var(--paper);stroke-width:1.5}
.curve{fill:none;stroke:var(--accent);stroke-width:2.5;stroke-linejoin:round}
text{fill:var(--soft);font-size:11.5px}
.axis{font-size:12.5px}
.middle{text-anchor:middle}
.end{text-anchor:end}
section{margin-bottom:16px}
.scroll{overflow-x:auto;margin-top:10px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:5px 8px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap;font-weight:400}
thead th{color:var(--soft);font-size:13px}
th:first-child{text-align:left}
tbody th{white-space:normal;overflow-wrap:anywhere;min-width:84px}
tbody tr:last-child>*{border-bottom:0}
.bar{width:28%;min-width:80px}
.bar svg{display:block;width:100%;height:8px}
.heat{font-size:12px;width:auto}
.heat td{min-width:34px;height:28px;padding:2px 4px;text-align:center;border:1px solid var(--line)}
.heat thead td{border:0}
.heat th{border:0;font-size:12px}
.heat tbody th{text-align:right;position:sticky;left:0;background:var(--paper);white-space:nowrap;min-width:0;max-width:240px;overflow:hidden;text-overflow:ellipsis}
.heat thead th{vertical-align:bottom;padding:4px 0}
.heat thead span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:180px;overflow:hidden;text-overflow:ellipsis}
${shades}
@media (max-width:520px){main{padding:16px 10px 32px}figure,section{padding:12px 10px}th,td{padding:5px 2px;font-size:12px}.bar{display:none}h1{font-size:22px}thead th{white-space:normal;vertical-align:bottom}.tiles div:last-child:nth-child(odd){grid-column:1/-1}.heat tbody th{max-width:110px}}
`;

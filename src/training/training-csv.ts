import type { Example } from './examples.ts';

/** Examples as a CSV that `readLabelledRows` reads: message, label, weight, group, system. */
export function formatTrainingCsv(examples: readonly Example[]): string {
  let text = 'message,label,weight,group,system\n';
  for (const { message, label, weight, group, template, system } of examples) {
    const cells = [message, label, String(Number(weight.toFixed(4))), group === template ? '' : group, system];
    text += `${cells.map(quoted).join(',')}\n`;
  }
  return text;
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

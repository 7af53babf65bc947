import { byteSize, percent } from './numbers.ts';

const BAR_WIDTH = 20;

/** How far a download of several files is: a bar where the total is known. */
export function downloadText(file: string, done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return `${byteSize(done)}, ${file}`;
  const share = Math.min(1, done / total);
  const full = Math.round(share * BAR_WIDTH);
  const bar = '━'.repeat(full) + '─'.repeat(BAR_WIDTH - full);
  return `${bar} ${percent(share)}, ${byteSize(done)} of ${byteSize(total)}, ${file}`;
}

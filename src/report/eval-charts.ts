import type { ModelEvaluation } from '../evaluation/evaluation.ts';
import { percent, plural } from './numbers.ts';

/** Side of the plot and the room around it for its axes, in the chart's own units. */
const SIDE = 300;
const MARGIN = { left: 44, right: 12, top: 10, bottom: 42 } as const;
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

/** Accuracy against confidence; a bar's shade tells how many rows it stands for. */
export function reliabilityChart({ reliability }: ModelEvaluation): string {
  const most = Math.max(1, ...reliability.map(({ rows }) => rows));
  const bars = reliability.flatMap(({ from, rows, confidence, accuracy }) => {
    if (rows === 0) return [];
    const width = SIDE / reliability.length - 4;
    const opacity = (0.35 + 0.65 * Math.sqrt(rows / most)).toFixed(2);
    const title = `${plural(rows, 'row')}: confidence ${confidence.toFixed(2)}, right ${percent(accuracy)}`;
    return [
      `<rect class="fill" x="${number(x(from) + 2)}" y="${number(y(accuracy))}" width="${number(width)}" height="${number(SIDE * accuracy)}" opacity="${opacity}"><title>${title}</title></rect>`,
      `<circle class="mark" cx="${number(x(confidence))}" cy="${number(y(accuracy))}" r="4.5"><title>${title}</title></circle>`,
    ];
  });
  const diagonal = `<line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>`;
  return chart('Reliability diagram', 'confidence', 'share right', [...bars, diagonal].join(''));
}

/** Precision against the share of rows answered. */
export function coverageChart({ coverage, coverageAt }: ModelEvaluation): string {
  const points = coverage.map(({ share, precision }) => `${number(x(share))},${number(y(precision))}`).join(' ');
  const guide = (precision: number, share: number): string =>
    `<line class="guide" x1="${x(0)}" y1="${number(y(precision))}" x2="${x(1)}" y2="${number(y(precision))}"/>` +
    (share > 0
      ? `<circle class="mark" cx="${number(x(share))}" cy="${number(y(precision))}" r="5"><title>${percent(share)} of rows at precision ${precision}</title></circle>`
      : '');
  return chart(
    'Coverage against precision',
    'share of rows answered',
    'precision',
    `${guide(0.9, coverageAt.p90)}${guide(0.95, coverageAt.p95)}<polyline class="curve" points="${points}"/>`,
  );
}

function chart(title: string, xName: string, yName: string, content: string): string {
  const width = MARGIN.left + SIDE + MARGIN.right;
  const height = MARGIN.top + SIDE + MARGIN.bottom;
  const grid = TICKS.map(
    (tick) =>
      `<line class="grid" x1="${x(0)}" y1="${y(tick)}" x2="${x(1)}" y2="${y(tick)}"/>` +
      `<line class="grid" x1="${x(tick)}" y1="${y(0)}" x2="${x(tick)}" y2="${y(1)}"/>` +
      `<text class="tick end" x="${x(0) - 6}" y="${y(tick) + 4}">${tick}</text>` +
      `<text class="tick middle" x="${x(tick)}" y="${y(0) + 16}">${tick}</text>`,
  ).join('');
  const names =
    `<text class="axis middle" x="${x(0.5)}" y="${height - 6}">${xName}</text>` +
    `<text class="axis middle" transform="translate(11 ${y(0.5)}) rotate(-90)">${yName}</text>`;
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${grid}${content}${names}</svg>`;
}

function x(share: number): number {
  return MARGIN.left + SIDE * share;
}

function y(share: number): number {
  return MARGIN.top + SIDE * (1 - share);
}

function number(value: number): string {
  return value.toFixed(1);
}

import { formatNumber } from './format.ts';

/** A number that was logged at a step. */
export interface Point {
  step: number;
  value: number;
}

const [WIDTH, HEIGHT] = [640, 220];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 12, 28, 28];
/** More points than pixels say nothing. */
const MAX_POINTS = 300;

/**
 * The loss of a run over its steps as an SVG file, in colours that can be read on white and on black; `undefined` where there are not
 * two points to draw a line between. Points that are no numbers are left out.
 */
export function lossPicture(
  title: string,
  train: readonly Point[],
  evaluated: readonly Point[],
): string | undefined {
  const lines = [
    { name: 'loss', colour: '#3b82f6', points: thin(finite(train)) },
    { name: 'eval_loss', colour: '#ea580c', points: thin(finite(evaluated)) },
  ].filter(({ points }) => points.length > 0);
  const all = lines.flatMap(({ points }) => points);
  const [least, most] = span(all.map(({ value }) => value));
  const [first, last] = span(all.map(({ step }) => step));
  if (all.length < 2 || first === last) return undefined;
  const height = most - least || Math.abs(most) || 1;
  const x = (step: number) => LEFT + ((step - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((value - least) / height) * (HEIGHT - TOP - BOTTOM);
  const ticks = [least, least + height / 2, least + height].map((value) => {
    const at = y(value).toFixed(1);
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#8884"/><text x="${LEFT - 6}" y="${at}" text-anchor="end" dominant-baseline="middle">${formatNumber(value, 3)}</text>`;
  });
  const steps = [first, last].map(
    (step, index) =>
      `<text x="${x(step)}" y="${HEIGHT - 8}" text-anchor="${index === 0 ? 'start' : 'end'}">step ${step.toLocaleString('en-US')}</text>`,
  );
  const drawn = lines.map(({ colour, points }) => {
    const path = points.map((point) => `${x(point.step).toFixed(1)},${y(point.value).toFixed(1)}`).join(' ');
    const dots =
      points.length > 12
        ? ''
        : points
            .map(
              (point) =>
                `<circle cx="${x(point.step).toFixed(1)}" cy="${y(point.value).toFixed(1)}" r="2.5" fill="${colour}"/>`,
            )
            .join('');
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots}`;
  });
  const legend = lines.map(
    ({ name, colour }, index) =>
      `<text x="${WIDTH - RIGHT - (lines.length - 1 - index) * 70}" y="16" text-anchor="end" fill="${colour}">${name}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="11" fill="#888">`,
    `<title>${escapeXml(title)}</title>`,
    `<text x="${LEFT}" y="16" font-size="13">${escapeXml(title)}</text>`,
    ...ticks,
    ...steps,
    ...drawn,
    ...legend,
    '</svg>\n',
  ].join('\n');
}

function finite(points: readonly Point[]): Point[] {
  return points.filter(({ step, value }) => Number.isFinite(step) && Number.isFinite(value));
}

/** The least and the most; several numbers too many for arguments of a call. */
function span(values: readonly number[]): [number, number] {
  return [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
}

/** Every so many points one, their mean: a line with as much noise as can be seen. */
function thin(points: Point[]): Point[] {
  const size = Math.ceil(points.length / MAX_POINTS);
  if (size <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => {
    const group = points.slice(index * size, (index + 1) * size);
    const sum = group.reduce((total, { value }) => total + value, 0);
    return { step: group.at(-1)?.step ?? 0, value: sum / group.length };
  });
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (each) => `&#${each.charCodeAt(0)};`);
}

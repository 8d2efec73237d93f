import type { Paint } from '../../ui/theme.ts';

/** A picture made of shapes, as a file: SVG as text, PNG as pixels of the same shapes. Both are drawn from one description. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A shape in CSS pixels, y downwards. */
export type Shape =
  | {
      /** As the `d` of an SVG path. */
      path: string;
      fill?: Paint;
      stroke?: Paint;
      width?: number;
      dash?: readonly number[];
      /** What lies outside of it is not drawn. */
      clip?: Box;
    }
  | {
      text: string;
      x: number;
      /** The baseline. */
      y: number;
      fill: Paint;
      size: number;
      bold?: boolean;
      anchor?: 'middle' | 'end';
    };

export interface Picture {
  title: string;
  width: number;
  height: number;
  ground: Paint;
  /** A CSS font family. */
  font: string;
  /** Shapes that count from a place below the top of the picture. */
  groups: readonly { top: number; shapes: readonly Shape[] }[];
}

/** Pixels of a PNG for one of the screen: sharp in a slide and in print. */
const PNG_SCALE = 2;
/** Browsers give no canvas beyond this many pixels on a side. */
const PNG_MOST = 16_000;

/** Pictures below one another as one; the ground and the font are those of the first. */
export function stack(pictures: readonly [Picture, ...Picture[]]): Picture {
  const tops = pictures.map((_, i) => pictures.slice(0, i).reduce((sum, { height }) => sum + height, 0));
  return {
    ...pictures[0],
    title: pictures.map(({ title }) => title).join(', '),
    width: Math.max(...pictures.map(({ width }) => width)),
    height: pictures.reduce((sum, { height }) => sum + height, 0),
    groups: pictures.flatMap(({ groups }, i) =>
      groups.map(({ top, shapes }) => ({ top: top + (tops[i] ?? 0), shapes })),
    ),
  };
}

/** A rectangle as a path. */
export function boxPath({ x, y, width, height }: Box): string {
  return `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;
}

/** A circle as a path. */
export function circlePath(x: number, y: number, radius: number): string {
  const r = round(radius);
  return `M${round(x - radius)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

/** Hundredths of a pixel are enough for any eye. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The picture as an SVG file. */
export function svgOf({ title, width, height, ground, font, groups }: Picture): string {
  const clips = new Map<string, string>();
  const clipOf = (box: Box) => {
    const path = boxPath(box);
    const id = clips.get(path) ?? `clip-${clips.size + 1}`;
    clips.set(path, id);
    return id;
  };
  const body = groups.map(
    ({ top, shapes }) =>
      `<g transform="translate(0 ${round(top)})">\n${shapes.map((shape) => elementOf(shape, clipOf)).join('\n')}\n</g>`,
  );
  const defs = [...clips].map(([path, id]) => `<clipPath id="${id}"><path d="${path}"/></clipPath>`);
  const [w, h] = [round(width), round(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" font-family="${escape(font)}">`,
    `<title>${escape(title)}</title>`,
    ...(defs.length > 0 ? [`<defs>${defs.join('')}</defs>`] : []),
    `<rect width="100%" height="100%"${paint('fill', ground)}/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

/**
 * The picture as a PNG file, two pixels for one of the screen; fewer where the picture is so tall that no canvas would hold it.
 * @throws Error when the browser has no memory for it
 */
export async function pngOf({ width, height, ground, font, groups }: Picture): Promise<Uint8Array> {
  const scale = Math.min(PNG_SCALE, PNG_MOST / Math.max(width, height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('The browser gave no canvas for the picture.');
  pen.scale(scale, scale);
  pen.fillStyle = cssOf(ground);
  pen.fillRect(0, 0, width, height);
  for (const { top, shapes } of groups) {
    pen.save();
    pen.translate(0, top);
    for (const shape of shapes) draw(pen, shape, font);
    pen.restore();
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The browser had no memory for the picture.');
  return new Uint8Array(await blob.arrayBuffer());
}

function draw(pen: CanvasRenderingContext2D, shape: Shape, font: string): void {
  pen.save();
  if ('text' in shape) {
    pen.font = `${shape.bold ? 'bold ' : ''}${shape.size}px ${font}`;
    pen.textAlign = shape.anchor === 'middle' ? 'center' : (shape.anchor ?? 'start');
    pen.fillStyle = cssOf(shape.fill);
    pen.fillText(shape.text, shape.x, shape.y);
  } else {
    if (shape.clip) pen.clip(new Path2D(boxPath(shape.clip)));
    const path = new Path2D(shape.path);
    if (shape.fill) {
      pen.fillStyle = cssOf(shape.fill);
      pen.fill(path);
    }
    if (shape.stroke) {
      pen.strokeStyle = cssOf(shape.stroke);
      pen.lineWidth = shape.width ?? 1;
      pen.lineJoin = 'round';
      pen.setLineDash([...(shape.dash ?? [])]);
      pen.stroke(path);
    }
  }
  pen.restore();
}

function elementOf(shape: Shape, clipOf: (box: Box) => string): string {
  if ('text' in shape) {
    const { text, x, y, fill, size, bold, anchor } = shape;
    const style = `${bold ? ' font-weight="bold"' : ''}${anchor ? ` text-anchor="${anchor}"` : ''}`;
    return `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${style}${paint('fill', fill)}>${escape(text)}</text>`;
  }
  const { path, fill, stroke, width = 1, dash, clip } = shape;
  const line = stroke
    ? `${paint('stroke', stroke)} stroke-width="${width}" stroke-linejoin="round"${dash ? ` stroke-dasharray="${dash.join(' ')}"` : ''}`
    : '';
  const clipped = clip ? ` clip-path="url(#${clipOf(clip)})"` : '';
  return `<path d="${path}"${fill ? paint('fill', fill) : ' fill="none"'}${line}${clipped}/>`;
}

function paint(attribute: 'fill' | 'stroke', { color, opacity }: Paint): string {
  return ` ${attribute}="${color}"${opacity < 1 ? ` ${attribute}-opacity="${opacity}"` : ''}`;
}

function cssOf({ color, opacity }: Paint): string {
  return `${color}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  // Control characters have no place in XML at all.
  return text
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}');
}

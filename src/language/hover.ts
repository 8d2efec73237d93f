import { hoverKey } from './help/hover-key.ts';
import { hoverValue } from './help/hover-value.ts';
import type { Hover, HoverRequest } from './help/types.ts';
import { locate } from './locate.ts';

export type { Hover, HoverRequest } from './help/types.ts';

/**
 * Explains the field or value at an offset: what the schema says, what it is after `extends`, and what lies behind a
 * name or a path. `undefined` where there is nothing to say. Rejects only with the signal's reason or what the host
 * throws.
 */
export async function hover(request: HoverRequest): Promise<Hover | undefined> {
  const file = request.project.files.get(request.path);
  const located = file && locate(file, request.offset);
  if (!located) return undefined;
  const parts = await (located.on === 'key' ? hoverKey(request, located) : hoverValue(request, located));
  const markdown = parts.filter(Boolean).join('\n\n---\n\n');
  const { start, end } = located.on === 'key' && located.entry ? located.entry.key : located.node;
  return markdown === '' ? undefined : { start, end, markdown };
}

import { endpointAddress } from '../../protocol/endpoint-keys.ts';

/**
 * The addresses of APIs that a text of configs names, to choose from. Lines tell them, so that the extension host need not load a YAML
 * parser for it; one that is put together from variables is not found, and can be typed.
 */
export function addressesIn(text: string): string[] {
  const written = [...text.matchAll(/(?:^|[\s{,])base_url\s*:\s*(["']?)([^"'\s,}#]+)\1/gm)];
  return [...new Set(written.flatMap(([, , url = '']) => endpointAddress(url) ?? []))];
}

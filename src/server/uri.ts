import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The absolute path of a document. One that is no file (unsaved, a side of a comparison) gets a path of its own in a
 * folder that does not exist, so that it has no neighbours.
 */
export function pathOf(uri: string): string {
  if (uri.startsWith('file:')) {
    try {
      return fileURLToPath(uri);
    } catch {
      // A file on another machine, which has no path here.
    }
  }
  const [scheme = '', rest = ''] = [uri.slice(0, uri.indexOf(':')), uri.slice(uri.indexOf(':') + 1)];
  return `/${scheme}:/${encodeURIComponent(rest)}`;
}

/** The URI of a path on this machine. */
export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

/** Whether problems of a document are shown: files and unsaved texts, not the old side of a comparison. */
export function isChecked(uri: string): boolean {
  return uri.startsWith('file:') || uri.startsWith('untitled:');
}

/** A path as a link of Markdown writes it, with `%20` for a space; as it is where that is no escape. */
export function decodePath(link: string): string {
  try {
    return decodeURI(link);
  } catch {
    return link;
  }
}

import { ancestry } from '../effective.ts';
import { rootMap } from '../node.ts';
import type { Project } from '../project.ts';
import type { TuneDocument } from '../tree.ts';

/**
 * The top-level fields of a document and its ancestors in which a line cannot be read, so that what seems left out
 * there may stand on it. `all` where the line is at the top level itself, or an `extends` leads in a circle.
 */
export function brokenSections(project: Project, document: TuneDocument): Set<string> | 'all' {
  const { ancestors, cycle } = ancestry(project, document);
  if (cycle) return 'all';
  const sections = new Set<string>();
  for (const each of [document, ...ancestors]) {
    for (const { start } of each.problems) {
      const section = sectionAt(each, start);
      if (section === undefined) return 'all';
      sections.add(section);
    }
  }
  return sections;
}

/** The top-level field that an indented line belongs to. */
function sectionAt(document: TuneDocument, offset: number): string | undefined {
  const root = rootMap(document);
  if (!root) return undefined;
  const { text, lines } = document.file;
  const line = text.slice(lines.start(lines.line(offset)));
  const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  if (indent < lines.position(root.start).column) return undefined;
  return root.entries.findLast(({ key }) => key.start < offset)?.name;
}

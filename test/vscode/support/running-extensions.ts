import { until } from './until.ts';
import { succeeds, type Workbench } from './workbench.ts';

/** What VS Code says about the extension in `Developer: Show Running Extensions`; undefined while it is not activated. */
export interface Activation {
  milliseconds: number;
  /** The row's whole text, with the errors that were not caught. */
  text: string;
}

/** Looks up whether the extension is activated, how long that took, and what went wrong. */
export async function activation(window: Workbench): Promise<Activation | undefined> {
  await window.command('Developer: Show Running Extensions');
  const rows = window.page.locator('.runtime-extensions-editor .monaco-list-row');
  await rows.first().waitFor();
  // VS Code names an extension by its identifier while it has not looked it up in the list of installed ones.
  const name = window.page.locator('.name', { hasText: /^(Tunebook|tunebook\.tunebook)$/ });
  const row = rows.filter({ has: name });
  const text = (await row.count()) === 0 ? undefined : await row.innerText();
  // A key is lost while the list takes the focus, and what lies behind it cannot be clicked before it is gone.
  await until('the list of running extensions is closed', async () => {
    await window.page.keyboard.press('Escape');
    return succeeds(rows.first().waitFor({ state: 'hidden', timeout: 3000 }));
  });
  const time = text === undefined ? null : /Activation: (\d+)\s*ms/.exec(text);
  return text === undefined || !time ? undefined : { milliseconds: Number(time[1]), text };
}

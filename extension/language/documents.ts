/** Which documents are ours. No `vscode` here: the extension and the language server ask the same question. */

/** True for C text that is meant to be loaded into a kernel. */
export function isModuleText(text: string): boolean {
  return /^\s*#\s*include\s*<linux\/(module|kprobes)\.h>/m.test(text);
}

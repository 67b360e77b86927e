// French punctuation stays with its word: the space before ? ! : ; » and after « does not break.

/** The text with those spaces made unbreakable. */
export const french = (text) => text.replace(/ ([?!:;»])/g, '\u00a0$1').replace(/« /g, '«\u00a0');

/** Does so in all of a fragment's texts. */
export function typeset(fragment) {
  const texts = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = french(texts.currentNode.data);
  return fragment;
}

// Whether the screen is too narrow for words in a month's cells. A page that is zoomed in counts as narrow.

const query = matchMedia('(max-width: 60rem)');

class Screen {
  narrow = $state(query.matches);
}

export const screen = new Screen();

query.addEventListener('change', () => (screen.narrow = query.matches));

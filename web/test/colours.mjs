// Whatever colour a collectivity chooses, its links are readable.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, readable } from '../public/colours.js';

test('black on white has the contrast that WCAG gives it', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
});

for (const colour of ['#ffe600', '#ffffff', '#000000', '#808080', '#e2001a', '#1f5c99']) {
  for (const [ground, towards] of [['#eef1f5', 0], ['#1b1f26', 255]]) {
    test(`${colour} is readable on ${ground}`, () => {
      assert.ok(contrast(readable(colour, ground, towards), ground) >= 4.5);
    });
  }
}

test('a colour that is readable stays as it is', () => {
  assert.equal(readable('#1f5c99', '#ffffff', 0), '#1f5c99');
});

import { describe, expect, it } from '@jest/globals';
import { bodyText, htmlOf, sameWords } from '../../../integrations/ghl/mail-body.ts';

describe('the text of a stored body', () => {
  it('is what was sent, whatever stands in it', () => {
    const text = 'Is 3 < 4 & "5" > \'2\'?\n\nSee <b>it</b>\nagain &lt;';
    expect(sameWords(bodyText(htmlOf(text)), text)).toBe(true);
  });

  it.each([
    ['plain text, with signs of markup', 'a < b > c', 'a < b > c'],
    ['tags with attributes', '<p class="x">one<br/>two</p><DIV>three</DIV>', 'one two three'],
    ['what nobody sees', '<head><title>t</title></head><p>seen</p><Style>p{}</STYLE><script>x<y</script>!', 'seen !'],
    ['a head that is left open', '<head><p>STOP</p>', 'STOP'],
    ['a script within another', '<p>a</p><script>1<script>2</script>b<script>3</script>c', 'a b c'],
    ['a comment', '<p>a<!-- x -->b</p>', 'a b'],
  ])('leaves the words of %s', (_title, body, words) => {
    expect(sameWords(bodyText(body), words)).toBe(true);
  });
});

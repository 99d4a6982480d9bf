import { describe, expect, it } from '@jest/globals';
import { bodyText, htmlOf, sameWords } from '../../../integrations/ghl/mail-body.ts';

describe('the text of a stored body', () => {
  it('is what was sent, whatever stands in it', () => {
    const text = 'Is 3 < 4 & "5" > \'2\'?\n\nSee <b>it</b>\nagain &lt;';
    expect(sameWords(bodyText(htmlOf(text)), text)).toBe(true);
  });

  it('has addresses of the web to be clicked, and nothing else', () => {
    const text = 'See https://a.example/x?y=1&z="2". Or javascript:alert(1)\n\nStop:\nhttps://b.example/u/AbC_-9';
    const html = htmlOf(text);
    expect(html).toBe(
      '<p>See <a href="https://a.example/x?y=1&amp;z=">https://a.example/x?y=1&amp;z=</a>&quot;2&quot;. Or javascript:alert(1)</p>' +
        '<p>Stop:<br><a href="https://b.example/u/AbC_-9">https://b.example/u/AbC_-9</a></p>',
    );
    expect(sameWords(bodyText(html), text)).toBe(true);
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

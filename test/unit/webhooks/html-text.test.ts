import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { htmlToText } from '../../../domain/webhooks/html-text.ts';

describe('the text of an HTML mail', () => {
  it.each([
    ['<p>One</p><p>Two<br/>Three</p>', 'One\nTwo\nThree'],
    ['plain words, no markup', 'plain words, no markup'],
    ['<style>p{color:red}</style><p>Hi&nbsp;there &amp; you</p><script>alert(1)</script>', 'Hi there & you'],
    ['<!-- note --><b>STOP</b>', 'STOP'],
    ['budget < 400k and > 300k', 'budget < 400k and > 300k'],
    ['caf&#233; &#x2014; ok &unknown; &#xD800;', 'café — ok &unknown; \uFFFD'],
    ['<ul><li>pool<li>garage</ul>', 'pool\ngarage'],
    ['<a href="https://example.com/?a=1">see</a> it', 'see it'],
    ['', ''],
    ['<div', ''],
  ])('%j reads %j', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it('marks quoted mail as plain-text mail does, so that our own words back are not taken for an answer', () => {
    const html =
      '<div>Sounds good</div><blockquote><p>Reply STOP to opt out</p><blockquote>older</blockquote></blockquote><p>Ines</p>';
    expect(htmlToText(html)).toBe('Sounds good\n> Reply STOP to opt out\n> > older\nInes');
  });

  it('never throws and never leaves a tag of known elements behind', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<p>', '</p>', '<', '>', '<b', 'x', ' ', '&', '&lt;', '<!--', '-->', '<script>')),
        (parts) => {
          expect(htmlToText(parts.join(''))).not.toMatch(/<p>|<\/p>|<script>/);
        },
      ),
    );
  });
});

import { plainLetters, plainSentences } from './spelling.ts';

/** Words that only an address has, whatever stands around them. */
const schemes =
  /\b[a-z][a-z0-9+-]+:(?=[^\s)(])|\b(?:s?ftp|tel|sms|smsto|callto|wss?|ldap|urn|webcal) ?: ?[a-z0-9/+,.]|\b(?:javascript|vbscript|mailto|base64|localhost|href|iframe|html?|urls?|tinyurl|bitly|qr code|xn)\b|xn--|: ?\/|\/ ?\/|https?|%[0-9a-f]{2}\b|\b(?:text|image|application)\/[a-z]/;
/** Endings that a host has and no word of ours begins a sentence with. */
const endings =
  'com|net|org|io|co|ly|info|biz|xyz|app|dev|ai|edu|gov|gg|zip|mov|link|site|online|shop|store|club|live|tech|website|page|click|top|vip|icu|cc|tv|mx|uk|eu|ru|cn|su|tk|realty|realtor|realestate|homes|house|properties|test|example|invalid|onion|local|internal';
const hosts = new RegExp(
  [
    String.raw`www|@|[a-z0-9]\.[a-z]{2,}`,
    // A stop with a space before it ends no sentence; one before an ending in small letters begins none.
    String.raw`[a-z0-9]\s+\.\s?[a-z]|[a-z0-9][,_](?:${endings})\b|\b[a-z0-9-]+ ?\. (?:com|net|org|io|xyz|biz|gov|edu)\b`,
    String.raw`\bdot\b(?<!\bon the dot)|\bpunto (?:com|net|org|io|co|info|biz|us|me|app|ai|ly|edu|gov|xyz|site|link|online|shop|homes|realty|mx)\b|[a-z0-9] ?[([{<] ?(?:dot|punto|\.) ?[)\]}>] ?[a-z]|\barroba\b`,
    String.raw`\b\d{1,3}(?:\.\d{1,3}){3}\b|\b0x[0-9a-f]{4,}|[0-9a-f]*::[0-9a-f]*`,
    String.raw`\b(?:com|net|org)\/|\b[a-z]{2,}(?:com|dotcom)\b(?<!\b(?:welcom|becom|com|intercom|sitcom|telecom)\b)|dot(?:com|net|org|io|co|app|info)\b`,
    String.raw`\b\w+ at \w+ (?:dot|punto)\b|\b(?:slash|barra) [a-z]+\b|#[a-z]`,
  ].join('|'),
);
/** A stop, then an ending of hosts in small letters: no sentence begins so. */
const broken = new RegExp(String.raw`[A-Za-z0-9]\. ?(?:${endings})\b(?:[/,.!?]|\s|$)`);
const services =
  /\b(?:whatsapp|telegram|instagram|facebook|tiktok|youtube|linkedin|snapchat|wechat|discord|viber|craigslist|calendly|docusign|dropbox|gmail|hotmail|yahoo|outlook|zillow|redfin|trulia|opendoor|google)\b|\b(?:click|tap|haga clic|visit (?:the |our |this )?(?:site|website|page|link|url))\b/;
const patterns = [schemes, hosts, services];

/** Does it hold an address of any kind, or what leads to one: a scheme, a host however it is spelled, a handle, a service? */
export function hasLink(own: string): boolean {
  const letters = plainLetters(own).replace(/\b(?:a\.m|p\.m|e\.g|i\.e)\./gi, '');
  if (broken.test(letters)) return true;
  // Letter by letter as well: what is spelled out is read together.
  return [letters.toLowerCase(), ...plainSentences(own)].some((text) => patterns.some((one) => one.test(text)));
}

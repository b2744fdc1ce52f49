/**
 * Finds what the portal will leave out of a text, to say so while somebody still types.
 *
 * The twin of common/masking.py, which gives the reasons; both pass tests/masking-examples.json. The
 * portal decides: to stay small this knows fewer digits of the world, and accounts less exactly.
 */

// The countries of the SWIFT registry behind the length of their accounts.
const ACCOUNTS =
  "15NO16BE18DKFIFKFOGLNLSD19MKSI20ATBAEEKZLTLUMNXK21CHHRLILV22BGBHCRDEGBGEIEMERSVA23AEGIILIQOMSOTL24ADCZESMDPKROSASESKTNVG25LYPTST26ISTR27BIDJFRGRITMCMRSM28ALAZBYCYDOGTHNHULBNIPLSV29BREGPSQAUA30JOKWMUYE31MTSC32LC33RU";

const HARMLESS =
  /^(?:0[1-9]\d{7}|04[5-9]\d{7}|32(?:460|4[789]\d)\d{6}|00(?:[2-9]|1[2-9])\d{9,14}|5414\d{14})$/;
const DAY = /^(?:[0-3]?\d[ -]+[01]?\d[ -]+(?:19|20)?\d\d|(?:19|20)\d\d[ -]+[01]?\d[ -]+[0-3]?\d)$/;
const OFFICIAL = /^\d\d[ -]*\d\d[ -]*\d\d[ -]+\d{3}[ -]*\d\d$/;
const OF_A_YEAR = /^(?:19[5-9]|20[0-4])\d *- *(?:\d{1,3} *- *)?\d{4,7}$/;
const CARD =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|3(?:0[0-5]|095|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|4[4-9]\d|5\d\d)\d{12}|62\d{14,17}|(?:50(?:18|20|38)|5893|6304|67(?:03|59|6[1-3]))\d{8,15})$/;

/** What stands in `text`: "rrn" (national number), "iban", "card", or "". */
export function findsSecret(text) {
  const plain = plainly(text);
  if (hasAccount(plain)) return "iban";
  for (const { 0: chain, index } of plain.matchAll(/\d+(?:(?:[ -]{1,5}|,)\d+)*/g)) {
    const before = plain.slice(Math.max(0, index - 4), index);
    const found = firstSecret(chain, /(?:^|[^+])\+[ -]{0,2}$/.test(before));
    if (found) return found;
  }
  return "";
}

function plainly(text) {
  return text
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Mn}\p{Me}]/gu, "")
    .replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt() & 15)
    .replace(/[\p{Pd}._/\\()·•‧∙⋅−⁄∕]/gu, "-")
    .replace(/\s/g, " ")
    .toUpperCase();
}

function hasAccount(plain) {
  return [...plain.matchAll(/[A-Z]{2}(?=[ -]{0,5}\d[ -]{0,5}\d)/g)].some(
    ({ 0: country, index }) => {
      const size = ACCOUNTS.match(RegExp(`(\\d+)(?:[A-Z]{2})*${country}`))?.[1];
      const written = plain.slice(index).match(RegExp(`^..(?:[ -]{0,5}[\\dA-Z]){${size - 2}}`));
      return size && written && isAccount(written[0]);
    },
  );
}

function isAccount(written) {
  const number = written.replace(/[ -]/g, "");
  let rest = 0;
  for (const character of number.slice(4) + number.slice(0, 4)) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1 && !/^(?:\w[ -]*){8}.*[\dA-Z] +(?:[A-Z]{2,3}|[A-Z]{5,}) +[\dA-Z]/.test(written);
}

/** The first secret in the reading of a chain of groups that explains most of its digits. */
function firstSecret(chain, afterPlus) {
  const groups = chain.match(/[ ,-]*\d+/g);
  const most = Array(groups.length + 1).fill(0);
  const found = Array(groups.length + 1).fill("");
  for (let first = groups.length; first--; ) {
    most[first] = most[first + 1];
    found[first] = found[first + 1];
    let written = "";
    let digits = "";
    for (let end = first; end < groups.length && digits.length < 19; ) {
      written = (written + groups[end++]).replace(/^\D+/, "");
      digits = written.replace(/\D/g, "");
      const kind = reading(digits, written, afterPlus && !first);
      if (kind !== null && digits.length + most[end] > most[first]) {
        most[first] = digits.length + most[end];
        found[first] = kind || found[end];
      }
    }
  }
  return found[0];
}

/** The kind of a secret, "" for what is harmless, null for what is no number of its own. */
function reading(digits, written, afterPlus) {
  const size = digits.length;
  if (afterPlus) return size > 7 && size < 16 ? "" : null;
  const isPhone = HARMLESS.test(digits) && (size !== 11 || !OFFICIAL.test(written));
  if (isPhone || DAY.test(written)) return "";
  if (size === 11) return isNational(digits) && !OF_A_YEAR.test(written) ? "rrn" : null;
  return CARD.test(digits) && passesLuhn(digits) ? "card" : null;
}

function isNational(digits) {
  const [year, month, day] = digits.match(/../g);
  const checked = +digits.slice(0, 9);
  const rest = 97 - digits.slice(9);
  const isPossible = year <= new Date().getUTCFullYear() % 100;
  return (
    month < 53 &&
    month % 20 < 13 &&
    day < 32 &&
    (checked % 97 === rest || (isPossible && (2e9 + checked) % 97 === rest))
  );
}

function passesLuhn(digits) {
  let sum = 0;
  for (let place = digits.length, weight = 1; place--; weight = 3 - weight) {
    const value = digits[place] * weight;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

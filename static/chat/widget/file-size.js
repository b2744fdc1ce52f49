/** What a file is and how large: "JPEG, 183 kB", "PDF, 2,4 MB". */
export function fileSize({ type, size }, locale) {
  const [value, unit] = size < 1e6 ? [Math.ceil(size / 1e3), "kilobyte"] : [size / 1e6, "megabyte"];
  const form = { style: "unit", unit, maximumFractionDigits: 1 };
  const amount = new Intl.NumberFormat(locale, form).format(value);
  return [type.split("/")[1]?.toUpperCase(), amount].filter(Boolean).join(", ");
}

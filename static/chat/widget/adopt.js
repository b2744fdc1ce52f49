/** Styles that come with a part which is fetched later. */

/** Adds `sheet`, once, to the styles of the panel in which `element` stands. */
export function adopt(sheet, element) {
  const root = element.getRootNode();
  const { adoptedStyleSheets: sheets = [] } = root;
  if (!sheets.includes(sheet)) root.adoptedStyleSheets = [...sheets, sheet];
}

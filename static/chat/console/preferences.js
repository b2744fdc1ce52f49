/** What an agent set on this computer: colours, keys. In memory only where storage is blocked. */

import { SafeStorage } from "../widget/storage.js";

export const preferences = new SafeStorage("hasselt-console.");

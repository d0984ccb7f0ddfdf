/* What makes pages quicker where script runs; every page works without it. No eval, no inline style.
   One file a behaviour; an element asks for one by its data- attribute. base.html names these files
   in its head too, so that they are fetched side by side. */
import { starter } from "./starter.js";
import * as choosing from "./behaviours/choosing.js";
import * as drop from "./behaviours/drop.js";
import * as matrix from "./behaviours/matrix.js";
import * as presence from "./behaviours/presence.js";
import * as print from "./behaviours/print.js";
import * as problem from "./behaviours/problem.js";
import * as rank from "./behaviours/rank.js";
import * as save from "./behaviours/save.js";
import * as search from "./behaviours/search.js";
import * as sendOnChange from "./behaviours/send_on_change.js";
import * as sendOnce from "./behaviours/send_once.js";
import * as tabs from "./behaviours/tabs.js";
import * as unsent from "./behaviours/unsent.js";
import * as upload from "./behaviours/upload.js";

const behaviours = [
  tabs,
  matrix,
  choosing,
  search,
  problem,
  unsent,
  sendOnce,
  sendOnChange,
  presence,
  drop,
  print,
  rank,
  save,
  upload,
];
const start = starter(behaviours);

document.documentElement.classList.add("js");
for (const behaviour of behaviours) {
  if (behaviour.listen) behaviour.listen(document);
}
start(document);
document.addEventListener("htmx:afterSwap", (event) => start(event.target));

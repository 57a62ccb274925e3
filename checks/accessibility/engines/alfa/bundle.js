// Alfa as one script: what run.js needs of it. The set-up bundles it (hatch_build.py).
export { Audit, Outcome } from "@siteimprove/alfa-act";
export { Device } from "@siteimprove/alfa-device";
export { Element, Node, Text } from "@siteimprove/alfa-dom";
export { Native } from "@siteimprove/alfa-dom/native";
export { Request, Response } from "@siteimprove/alfa-http";
export { Rules, alfaVersion } from "@siteimprove/alfa-rules";
export { Page } from "@siteimprove/alfa-web";

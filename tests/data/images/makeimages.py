"""Writes the small images of this folder and images.json, what Pillow makes of them.

Run with a Python that has Pillow and NumPy; nothing else is read. The tests read its output only, so it is
needed again only to add a case.
"""
import hashlib
import json
import os
import struct
import zlib

import numpy as np
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(7)


def picture(width, height, channels):
    """Smooth waves with some noise: what a JPEG encoder expects, with every row and column different."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [128 + 100 * np.sin(x / (3 + c) + c) * np.cos(y / (4 + c)) + random.normal(0, 8, (height, width))
              for c in range(channels)]
    pixels = np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)
    return pixels[..., 0] if channels == 1 else pixels


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(path, width, height, depth, colour, rows, extra=b"", interlace=0):
    data = b"".join(b"\0" + row for row in rows)
    open(path, "wb").write(b"\x89PNG\r\n\x1a\n"
                           + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))
                           + extra + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


def packed(row, depth):
    bits = "".join(format(int(v), f"0{depth}b") for v in row)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


os.chdir(here)
w, h = 19, 13
rgb, grey = picture(w, h, 3), picture(w, h, 1)
Image.fromarray(rgb).save("rgb420.jpg", quality=85, subsampling=2)
Image.fromarray(rgb).save("rgb422.jpg", quality=85, subsampling=1)
Image.fromarray(rgb).save("rgb444.jpg", quality=95, subsampling=0)
Image.fromarray(rgb).save("progressive.jpg", quality=80, progressive=True)
Image.fromarray(grey).save("grey.jpg", quality=85)
Image.fromarray(picture(w, h, 4), "CMYK").save("cmyk.jpg", quality=90)
exif = Image.Exif()
exif[0x0112] = 6
Image.fromarray(rgb).save("rotatedexif.jpg", quality=85, exif=exif)
# The same samples with Adobe's transform set to YCCK: other colours, but a legal file.
data = bytearray(open("cmyk.jpg", "rb").read())
adobe = data.find(b"Adobe")
if adobe >= 0:
    data[adobe + 11] = 2
else:
    data[2:2] = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x02"
open("ycck.jpg", "wb").write(data)

Image.fromarray(rgb).save("rgb.png")
Image.fromarray(grey).save("grey.png")
rgba = np.concatenate([rgb, picture(w, h, 1)[..., None]], -1)
Image.fromarray(rgba).save("rgba.png")
Image.fromarray(rgba[..., 2:]).save("greyalpha.png")
for depth in 1, 2, 4:
    png(f"grey{depth}.png", w, h, depth, 0, [packed(row >> (8 - depth), depth) for row in grey])
wide = random.integers(0, 65536, (h, w))
wide[::2] //= 200
png("grey16.png", w, h, 16, 0, [row.astype(">u2").tobytes() for row in wide])
wide = random.integers(0, 65536, (h, w, 4))
png("rgb16.png", w, h, 16, 2, [row.astype(">u2").tobytes() for row in wide[..., :3]])
png("rgba16.png", w, h, 16, 6, [row.astype(">u2").tobytes() for row in wide])
png("greyalpha16.png", w, h, 16, 4, [row.astype(">u2").tobytes() for row in wide[..., :2]])
for depth in 1, 2, 4, 8:
    colours = random.integers(0, 256, (2 ** depth, 3)).astype(np.uint8)
    alpha = chunk(b"tRNS", bytes([0, 100])) if depth != 2 else b""
    png(f"palette{depth}.png", w, h, depth, 3, [packed(row >> (8 - depth), depth) for row in grey],
        chunk(b"PLTE", colours.tobytes()) + alpha)
png("rgbtransparent.png", w, h, 8, 2, [row.tobytes() for row in rgb], chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3)))
passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
rows = [rgb[y, x0::dx].tobytes() for x0, y0, dx, dy in passes if x0 < w for y in range(y0, h, dy)]
png("interlaced.png", w, h, 8, 2, rows, interlace=1)

decoded = []
for name in sorted(os.listdir(".")):
    if name.endswith((".jpg", ".png")):
        image = Image.open(name)
        decoded.append({"file": name, "width": image.width, "height": image.height,
                        "rgb": image.convert("RGB").tobytes().hex(),
                        "luma": image.convert("RGB").convert("L").tobytes().hex()})


def noise(width, height, channels, seed):
    """The same bytes as the test's own generator."""
    state, out = seed, bytearray()
    for _ in range(width * height * channels):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append(state >> 24)
    return bytes(out)


names = {"nearest": Image.NEAREST, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
# width, height, new width, new height; the last ones are large and kept as a digest only
sizes = [(37, 23, 16, 16), (16, 16, 24, 24), (5, 3, 13, 11), (23, 17, 23, 8), (23, 17, 9, 17), (31, 7, 4, 15),
         (1, 1, 3, 2), (64, 48, 3, 2), (28, 28, 32, 32), (12, 9, 1, 1), (227, 227, 248, 248), (500, 375, 341, 256),
         (1030, 771, 224, 224), (97, 331, 248, 846)]
resized = []
for width, height, new_width, new_height in sizes:
    for channels in 1, 3:
        source = noise(width, height, channels, width * 1000 + height)
        image = Image.frombytes("RGB" if channels == 3 else "L", (width, height), source)
        for name, interpolation in names.items():
            pixels = image.resize((new_width, new_height), interpolation).tobytes()
            case = {"width": width, "height": height, "channels": channels, "newWidth": new_width,
                    "newHeight": new_height, "interpolation": name}
            if len(pixels) <= 2000:
                case["pixels"] = pixels.hex()
            else:
                case["sha1"] = hashlib.sha1(pixels).hexdigest()
            resized.append(case)

# Resize(shorter), CenterCrop as torchvision defines them, before the scaling to floats.
# width, height, channels, shorter side (0: straight to the crop), crop height, crop width, model channels
preprocessed = []
for width, height, channels, shorter, crop_height, crop_width, model_channels in [
        (40, 27, 3, 20, 16, 16, 3), (27, 40, 3, 19, 16, 14, 3), (30, 30, 1, 15, 12, 12, 3), (25, 16, 3, 16, 11, 13, 1),
        (16, 16, 3, 16, 16, 16, 3), (50, 31, 3, 0, 12, 17, 3), (20, 33, 3, 9, 14, 15, 3), (21, 17, 1, 12, 17, 9, 1)]:
    source = noise(width, height, channels, width * 1000 + height)
    image = Image.frombytes("RGB" if channels == 3 else "L", (width, height), source)
    image = image.convert("RGB" if model_channels == 3 else "L")
    if shorter == 0:
        image = image.resize((crop_width, crop_height), Image.BICUBIC)
    else:
        short, long = min(width, height), max(width, height)
        longer = int(shorter * long / short)
        size = (shorter, longer) if width <= height else (longer, shorter)
        if size != image.size:
            image = image.resize(size, Image.BICUBIC)
        if crop_width > image.width or crop_height > image.height:
            left, top = max(0, crop_width - image.width) // 2, max(0, crop_height - image.height) // 2
            padded = Image.new(image.mode, (max(crop_width, image.width), max(crop_height, image.height)))
            padded.paste(image, (left, top))
            image = padded
        top = int(round((image.height - crop_height) / 2.0))
        left = int(round((image.width - crop_width) / 2.0))
        image = image.crop((left, top, left + crop_width, top + crop_height))
    preprocessed.append({"width": width, "height": height, "channels": channels, "resizeShorter": shorter,
                         "cropHeight": crop_height, "cropWidth": crop_width, "modelChannels": model_channels,
                         "pixels": image.tobytes().hex()})

with open("images.json", "w") as file:
    file.write('{"decoded": [\n')
    file.write(",\n".join(json.dumps(case) for case in decoded))
    file.write('\n], "resized": [\n')
    file.write(",\n".join(json.dumps(case) for case in resized))
    file.write('\n], "preprocessed": [\n')
    file.write(",\n".join(json.dumps(case) for case in preprocessed))
    file.write("\n]}\n")

namespace CredSync.OpenBadges.Images;

/// <summary>
/// How much of each pixel some polygons cover. Every edge leaves, in the pixels that it crosses, the change of covered area; the sum along a row is the
/// covered share.
/// </summary>
internal sealed class Coverage
{
    private readonly int size;
    private readonly float[] change;
    private readonly float[] mask;
    private Box polygon = Box.Empty;
    private Box all = Box.Empty;

    public Coverage(int size)
    {
        this.size = size;
        change = new float[(size + 2) * size];
        mask = new float[size * size];
    }

    /// <summary>Joins a polygon to those before; where they overlap, the one that covers a pixel more counts.</summary>
    public void Add(IReadOnlyList<Point> corners)
    {
        for (int i = 0; i < corners.Count; i++)
        {
            AddEdge(corners[i], corners[(i + 1) % corners.Count]);
        }

        for (int y = polygon.Top; y <= polygon.Bottom; y++)
        {
            float sum = 0;
            for (int x = polygon.Left; x <= Math.Min(polygon.Right, size - 1); x++)
            {
                int at = (y * (size + 2)) + x;
                sum += change[at];
                change[at] = 0;
                mask[(y * size) + x] = MathF.Max(mask[(y * size) + x], MathF.Min(MathF.Abs(sum), 1));
            }

            change.AsSpan((y * (size + 2)) + size, 2).Clear();
        }

        all = all.Join(polygon);
        polygon = Box.Empty;
    }

    /// <summary>Paints what is covered and begins anew.</summary>
    public void Blend(float[] picture, Rgb upper, Rgb lower, double opacity)
    {
        for (int y = all.Top; y <= all.Bottom; y++)
        {
            // The shade runs over the height of the shape.
            Rgb colour = upper == lower ? upper : upper.Mix(lower, all.Bottom > all.Top ? (double)(y - all.Top) / (all.Bottom - all.Top) : 0);
            for (int x = all.Left; x <= Math.Min(all.Right, size - 1); x++)
            {
                float cover = mask[(y * size) + x] * (float)opacity;
                mask[(y * size) + x] = 0;
                if (cover > 0.0005f)
                {
                    Over(picture, ((y * size) + x) * 4, colour, cover);
                }
            }
        }

        all = Box.Empty;
    }

    private static void Over(float[] picture, int at, Rgb colour, float cover)
    {
        float rest = 1 - cover;
        picture[at] = (colour.R / 255f * cover) + (picture[at] * rest);
        picture[at + 1] = (colour.G / 255f * cover) + (picture[at + 1] * rest);
        picture[at + 2] = (colour.B / 255f * cover) + (picture[at + 2] * rest);
        picture[at + 3] = cover + (picture[at + 3] * rest);
    }

    private void AddEdge(Point from, Point to)
    {
        if (from.Y == to.Y)
        {
            return;
        }

        float direction = from.Y < to.Y ? 1 : -1;
        (Point high, Point low) = from.Y < to.Y ? (from, to) : (to, from);
        double slope = (low.X - high.X) / (low.Y - high.Y);
        double begin = Math.Clamp(high.Y, 0, size);
        double end = Math.Clamp(low.Y, 0, size);
        for (int y = (int)begin; y < end && y < size; y++)
        {
            double rowTop = Math.Max(y, begin);
            double rowEnd = Math.Min(y + 1, end);
            double x0 = high.X + ((rowTop - high.Y) * slope);
            double x1 = high.X + ((rowEnd - high.Y) * slope);
            AddRow(y, direction * (float)(rowEnd - rowTop), Math.Clamp(Math.Min(x0, x1), 0, size), Math.Clamp(Math.Max(x0, x1), 0, size));
            polygon = polygon.Join(new(y, y, (int)Math.Clamp(Math.Min(x0, x1), 0, size), (int)Math.Ceiling(Math.Clamp(Math.Max(x0, x1), 0, size))));
        }
    }

    // An edge that covers a height between two x: what lies right of it in each pixel is covered.
    private void AddRow(int y, float height, double left, double right)
    {
        int row = y * (size + 2);
        int first = (int)left;
        if ((int)Math.Ceiling(right) <= first + 1)
        {
            float within = (float)(1 - (((left + right) / 2) - first));
            change[row + first] += height * within;
            change[row + first + 1] += height * (1 - within);
            return;
        }

        // The covered share grows along the pixels; each pixel gets the difference to the one before.
        double width = right - left;
        double before = 0;
        for (int x = first; x < right; x++)
        {
            double area = Covered(x + 1, left, width) - Covered(x, left, width);
            change[row + x] += height * (float)(area - before);
            before = area;
        }

        change[row + (int)Math.Ceiling(right)] += height * (float)(1 - before);
    }

    // Area right of the edge from the left up to x.
    private static double Covered(double x, double left, double width)
    {
        double reach = Math.Max(0, x - left);
        return reach <= width ? reach * reach / (2 * width) : (width / 2) + (reach - width);
    }

    private readonly record struct Box(int Top, int Bottom, int Left, int Right)
    {
        public static Box Empty { get; } = new(int.MaxValue, int.MinValue, int.MaxValue, int.MinValue);

        public Box Join(Box other) => new(Math.Min(Top, other.Top), Math.Max(Bottom, other.Bottom), Math.Min(Left, other.Left), Math.Max(Right, other.Right));
    }
}

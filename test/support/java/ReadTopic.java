import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads all that is on a topic with the Java client and prints each as a line of base64 fields:
 *  partition, key, value, then name and value of each header. Arguments: brokers, topic. */
public class ReadTopic {
  static String text(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  public static void main(String[] args) {
    var settings = new Properties();
    settings.put("bootstrap.servers", args[0]);
    settings.put("check.crcs", "true");
    var reader = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(settings, reader, reader)) {
      int partitions = consumer.partitionsFor(args[1]).size();
      List<TopicPartition> all = IntStream.range(0, partitions).mapToObj(n -> new TopicPartition(args[1], n)).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      var ends = consumer.endOffsets(all);
      while (all.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        for (var record : consumer.poll(Duration.ofMillis(500))) {
          var line = new StringBuilder(record.partition() + " " + text(record.key()) + " " + text(record.value()));
          for (var header : record.headers())
            line.append(" ").append(text(header.key().getBytes())).append(" ").append(text(header.value()));
          System.out.println(line);
        }
      }
    }
  }
}
